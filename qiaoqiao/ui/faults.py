"""What is wrong with an answer or a file, in the reader's words and with what to do about it."""

from django.utils.translation import gettext as _

from qiaoqiao.gateways.uploads import Refusal, UploadRefused

MEGABYTE = 1024 * 1024


def fault_words(
    fault: str,
    label: str,
    *,
    choosing: bool = False,
    field: str = "",
    most: int | None = None,
    least: int | None = None,
) -> str:
    """Say a fault code of FormRefused or AnswerMissing in one sentence that names the question.

    `choosing` when the answer is picked, not typed; `field` is the code's own field, where a malformed
    e-mail address and a malformed phone number need different words.
    """
    facts = {"label": label.rstrip("？?：:"), "most": most, "least": least}
    match fault:
        case "missing" if choosing:
            return _("请选择“%(label)s”。") % facts
        case "missing":
            return _("请填写“%(label)s”。") % facts
        case "too_long" if most:
            return _("“%(label)s”最多 %(most)d 个字，请缩短一些。您写的都还在框里。") % facts
        case "too_long":
            return _("“%(label)s”太长了，请缩短一些。您写的都还在框里。") % facts
        case "too_small" if least is not None:
            return _("“%(label)s”不能小于 %(least)d。") % facts
        case "too_large" if most is not None:
            return _("“%(label)s”不能大于 %(most)d。") % facts
        case "not_a_date":
            return _("“%(label)s”没有这一天。请按年、月、日填写，例如 1985 年 3 月 27 日。") % facts
        case "not_later":
            return _("“%(label)s”要填今天以后的一天。") % facts
        case "not_a_number":
            return _("“%(label)s”请只填整数，例如 12。") % facts
        case "too_many":
            return _("“%(label)s”最多 %(most)d 项，请减少一些。") % (facts | {"most": most or 0})
        case "not_offered" | "unknown":
            return _("“%(label)s”里没有这一项，请从列出的选项中重新选择。") % facts
        case _:
            return _malformed(field) or _("“%(label)s”看不懂，请检查后重新填写。") % facts


def _malformed(field: str) -> str:
    return {
        "email": _("电子邮件地址写得不完整。完整的地址像 name@example.com。"),
        "phone": _("电话号码请写国家代码和号码，例如 +58 412 555 0123。"),
    }.get(field, "")


def upload_words(refused: UploadRefused) -> str:
    """Say why a file was not taken and how to bring one that will be."""
    facts = {"name": refused.data.get("name", ""), "limit": refused.data.get("limit", 0)}
    if refused.code is Refusal.TOO_LARGE:
        facts["limit"] = int(facts["limit"]) // MEGABYTE
    said = {
        Refusal.EMPTY: _("“%(name)s”是空的，里面没有内容。请重新选择文件。"),
        Refusal.TOO_LARGE: _("“%(name)s”超过 %(limit)s MB。请拍得小一些，或分成几个文件上传。"),
        Refusal.NOT_ALLOWED: _("“%(name)s”不是 PDF、JPG 或 PNG 文件。请另存为其中一种再上传。"),
        Refusal.HEIC: _(
            "“%(name)s”是 HEIC 照片，很多地方打不开。请在手机相机设置里选“兼容性最佳”重拍，或截屏后上传。"
        ),
        Refusal.DAMAGED: _("“%(name)s”打不开，可能没有传完整。请在您的设备上打开看看，再上传一次。"),
        Refusal.ENCRYPTED: _("“%(name)s”设了密码，我们打不开。请去掉密码再上传。"),
        Refusal.ACTIVE: _("“%(name)s”里带有会自动运行的程序，不能收。请打印成 PDF 再上传。"),
        Refusal.TOO_MANY_PAGES: _("“%(name)s”超过 %(limit)s 页。请分成几个文件上传。"),
        Refusal.TOO_MANY_PIXELS: _("“%(name)s”这张图片太大了。请把图片缩小再上传。"),
    }
    return said[refused.code] % facts


def too_many_files_words(most: int) -> str:
    """Say that a request carries no more files, and what to do with the rest."""
    return _("一份申请最多带 %(most)d 个文件。其余的可以合并成一个 PDF，或提交以后再补。") % {"most": most}
