"""What the fund's tokens are called, and what is said when a step is refused."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from qiaoqiao.services.relief.actions.grounds import Refused
from qiaoqiao.services.relief.money import yuan

Words = Mapping[str, str | Promise]

PURPOSES: Words = {
    "illness": lazy("重病"),
    "disability": lazy("残疾"),
    "unemployment": lazy("失业"),
    "old_age": lazy("老龄空巢"),
    "disaster": lazy("灾害"),
    "study": lazy("子女就学"),
    "accident": lazy("意外"),
    "return": lazy("境外返回"),
    "other": lazy("其他困难"),
}
FORMS: Words = {
    "cash": lazy("现金"),
    "in_kind": lazy("实物"),
    "service": lazy("服务"),
    "study": lazy("助学"),
}
GRANT_STATES: Words = {
    "draft": lazy("核实中"),
    "committee": lazy("待评议"),
    "shown": lazy("公示中"),
    "approving": lazy("待批准"),
    "approved": lazy("已批准，待付款"),
    "paid": lazy("已付款，待签收"),
    "received": lazy("已签收，待回访"),
    "closed": lazy("已办完"),
    "refused": lazy("未予救助"),
    "cancelled": lazy("已撤销"),
    "led": lazy("由政府救助"),
    "refunded": lazy("已退回基金"),
}
LIST_STATES: Words = {
    "draft": lazy("待复核"),
    "checked": lazy("已复核，待批准"),
    "approved": lazy("已批准，待导出"),
    "exported": lazy("已导出，待付款登记"),
    "paid": lazy("已付款"),
    "cancelled": lazy("已取消"),
}
PAYMENT_STATES: Words = {
    "listed": lazy("在清单上"),
    "paid": lazy("已付款"),
    "returned": lazy("银行退回"),
    "cancelled": lazy("付款前取消"),
    "refunded": lazy("已退回基金"),
}
PAYEE_STATES: Words = {
    "held": lazy("冻结中，待回电核对"),
    "verified": lazy("已回电核对"),
    "refused": lazy("核对不符"),
    "replaced": lazy("已换新账户"),
}
ACCOUNTS: Words = {
    "cash": lazy("银行存款"),
    "goods": lazy("库存物资"),
    "held": lazy("可用资金"),
    "held_goods": lazy("可用物资"),
    "payable": lazy("已批准未付"),
    "expense": lazy("救助支出"),
    "released": lazy("已使用资金"),
}
ENTRIES: Words = {
    "donation": lazy("收到捐款、拨款"),
    "goods_in": lazy("物资入库"),
    "goods_out": lazy("物资发放"),
    "give_back": lazy("退还捐赠人"),
    "grant": lazy("批准救助"),
    "payment": lazy("付款"),
    "returned": lazy("银行退回"),
    "refund": lazy("受助人退款"),
    "cancel": lazy("撤销救助"),
    "round": lazy("走访慰问"),
    "reversal": lazy("更正（冲销）"),
}
SOURCES: Words = {"donation": lazy("捐赠"), "allocation": lazy("拨款")}
ROUNDS: Words = {
    "festival": lazy("节日慰问"),
    "routine": lazy("日常走访"),
    "illness": lazy("重病慰问"),
    "bereavement": lazy("丧葬慰问"),
}
ROUND_STATES: Words = {"draft": lazy("待批准"), "approved": lazy("走访中"), "closed": lazy("已结束")}
STOPS: Words = {"planned": lazy("待上门"), "given": lazy("已送到"), "missed": lazy("没有遇到")}
VOTES: Words = {"yes": lazy("同意"), "no": lazy("不同意"), "abstain": lazy("弃权")}
MONEY: Words = {
    "missing": lazy("请填写金额。"),
    "negative": lazy("金额不能是负数。"),
    "unit": lazy("请写成数字，不要写“万”“千”，例如 10000。"),
    "too_fine": lazy("最多写到分，例如 12.34。"),
    "not_a_number": lazy("这里只写金额，例如 1234.50。"),
    "zero": lazy("金额要大于零。"),
    "too_large": lazy("金额太大，请检查位数。"),
}
REFUSALS: Words = {
    "not_yours": lazy("这不是您所在单位的事，您不能办。"),
    "head_only": lazy("这一步要由本单位负责人办。"),
    "head_above_only": lazy("这一步要由上一级单位的负责人办。"),
    "maker_only": lazy("只有制单人可以改。"),
    "maker_cannot": lazy("制单人不能自己复核或批准，请换一个人。"),
    "payer_apart": lazy("制单、复核、批准的人不能付款，请换一个人。"),
    "typist_cannot_call": lazy("录入账户的人不能自己回电核对，请换一个人。"),
    "two_approvers": lazy("上级批准和本单位批准不能是同一个人。"),
    "two_visitors": lazy("上门要两个不同的人。"),
    "not_colleagues": lazy("上门的两个人，当天都要在本单位任职。"),
    "maker_not_alone": lazy("同去的人没有账号时，制单人不能算作其中一位，请换一位同事上门。"),
    "not_visited": lazy("还没有两人上门的记录。"),
    "not_assessed": lazy("还没有家庭情况的核算。"),
    "visit_not_planned": lazy("请写明哪天上门、哪两个人去。"),
    "other_state": lazy("这一步现在不能办，可能别人刚刚办过。请看最新情况。"),
    "list_other_state": lazy("清单的状态已经变了，可能别人刚刚办过。请看最新情况。"),
    "case_elsewhere": lazy("相关的办件已经走到别的步骤，请先看办件。"),
    "drafted_already": lazy("这个办件已经有救助单了。"),
    "unknown_kind": lazy("没有这一种，请重新选择。"),
    "unknown_purpose": lazy("没有这一种困难，请重新选择。"),
    "outside_purposes": lazy("这个基金不能用于这种困难。"),
    "bound_elsewhere": lazy("这笔钱指定了别的用途，不能用在这里。"),
    "not_enough": lazy("可用的钱不够。"),
    "booked_already": lazy("这一笔已经记过账了。"),
    "booker_cannot": lazy("登记这笔来源的人不能自己退还，请换一个人。"),
    "back_asked_already": lazy("这一笔已经有人提出退还，请先批准或者取消。"),
    "more_than_given": lazy("退还的钱不能多过这位捐赠人给过、还没有退的钱。"),
    "reversed_already": lazy("这张凭证已经冲销过了。"),
    "not_reversible": lazy("这张凭证不能直接冲销，请走退回、退款或撤销。"),
    "code_taken": lazy("这个代码已经有人用了，请换一个。"),
    "no_quorum_set": lazy("本单位还没有设定评议人数，请负责人先到“基金设定”里设定。"),
    "no_notice_days_set": lazy("本单位还没有设定公示天数，请负责人先到“基金设定”里设定。"),
    "quorum_missing": lazy("到会人数不够，至少要 %(quorum)s 人。"),
    "member_twice": lazy("同一位成员写了两次。"),
    "vote_missing": lazy("请给每位成员选择意见。"),
    "reasons_missing": lazy("请写明理由。"),
    "in_the_future": lazy("日期不能在今天以后。"),
    "notice_running": lazy("公示还没有结束。"),
    "approved_already": lazy("上级已经批准过了。"),
    "above_first": lazy("这个金额要先由上一级单位的负责人批准。"),
    "not_an_account": lazy("账号应为 8 到 30 位数字，请核对。"),
    "called_already": lazy("这个账户已经核对过了。"),
    "contact_too_new": lazy("只能用录入账户以前就有的联系方式核对。"),
    "list_empty": lazy("清单上还没有人。"),
    "list_other_fund": lazy("它不属于这个基金，不能放在这张清单上。"),
    "not_called_back": lazy("账户还没有回电核对，不能付款。"),
    "split_suspected": lazy("三十天内给同一账户的几笔合起来超过了本单位的权限，要由上一级批准。"),
    "listed_already": lazy("它已经在付款清单上了。"),
    "payment_over": lazy("这笔付款已经结束了。"),
    "still_held": lazy("尾号 %(tail)s 的账户还在冻结时间内，现在不能付款。"),
    "receipt_missing": lazy("请上传签收单，或者选择当面签收。"),
    "not_in_kind": lazy("这不是实物救助。"),
    "worth_differs": lazy("数量乘单价和批准的金额不一样。"),
    "stock_missing": lazy("库存不够。"),
    "stop_over": lazy("这一户已经登记过了。"),
}
HOME = lazy("上门当面核对")


def said(words: Words, token: str) -> str:
    """A token in words."""
    return str(words[token]) if token in words else ""


def refusal_words(refused: Refused) -> str:
    """Why a step was refused, in one sentence."""
    return str(REFUSALS[refused.why]) % refused.facts


def money_of(restriction: str) -> str:
    """What money is bound to."""
    return said(PURPOSES, restriction) or _("不限用途")


def band_words(lower: int, upper: int | None) -> str:
    """A band of amount as a public notice shows it."""
    if upper is None:
        return _("%(from)s以上") % {"from": yuan(lower)}
    if not lower:
        return _("%(upto)s以下") % {"upto": yuan(upper)}
    return _("%(from)s到%(upto)s") % {"from": yuan(lower), "upto": yuan(upper)}
