"""What each kind of ledger entry of the fund means, in words for officers."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as lazy

SAID: Mapping[str, str | Promise] = {
    "fund.opened": lazy("设立基金"),
    "fund.laid_down": lazy("设定基金的人数、天数和审批权限"),
    "fund.reversed": lazy("冲销一张凭证"),
    "donation.booked": lazy("收到一笔捐款或拨款"),
    "donation.given_back": lazy("把钱退还捐赠人"),
    "goods.taken_in": lazy("物资入库"),
    "grant.drafted": lazy("制作救助单"),
    "grant.changed": lazy("修改救助单"),
    "grant.visited": lazy("两人上门核实"),
    "grant.assessed": lazy("核算家庭情况"),
    "grant.submitted": lazy("提请集体评议"),
    "grant.reviewed": lazy("集体评议"),
    "grant.notice_over": lazy("公示结束，报批"),
    "grant.looked_again": lazy("退回再核实"),
    "grant.approved_above": lazy("上级批准"),
    "grant.approved": lazy("批准救助"),
    "grant.refused": lazy("不予救助"),
    "grant.case_closed": lazy("办件结束，救助单随之结束"),
    "grant.paid": lazy("付款"),
    "grant.received": lazy("签收"),
    "grant.cancelled": lazy("撤销救助"),
    "grant.handed_over": lazy("发放物资"),
    "grant.followed_up": lazy("回访，办完"),
    "payee.typed": lazy("录入收款账户"),
    "payee.called": lazy("回电核对账户"),
    "payment.returned": lazy("银行退回"),
    "payment.refunded": lazy("受助人退款"),
    "list.drafted": lazy("制作付款清单"),
    "list.added": lazy("清单加人，须重新复核"),
    "list.taken_off": lazy("清单减人，须重新复核"),
    "list.checked": lazy("复核清单"),
    "list.approved": lazy("批准清单"),
    "list.exported": lazy("导出银行文件"),
    "list.paid": lazy("登记付款"),
    "round.planned": lazy("制定走访计划"),
    "round.extended": lazy("走访计划加户"),
    "round.approved": lazy("批准走访计划"),
    "round.closed": lazy("走访结束"),
    "stop.given": lazy("送到一户"),
    "stop.missed": lazy("一户没有遇到"),
}
