"""What follows an entry once it is committed: notices printed and sent, codes sent, the person told."""

from collections.abc import Callable
from io import BytesIO
from uuid import UUID

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.casework.actions.papers import printed, serve
from qiaoqiao.casework.actions.proving import digits
from qiaoqiao.casework.models import Case, Code, Delivery, Paper
from qiaoqiao.casework.printing import print_paper
from qiaoqiao.gateways import mail, sms, storage
from qiaoqiao.ledger.models import Entry
from qiaoqiao.ledger.reacting import reacts_to

ADDRESS = {"email": "email", "sms": "phone"}


def now_epoch() -> int:
    """The worker is a door: here it reads the clock."""
    return int(timezone.now().timestamp())


def _facts(entry_uid: str) -> dict[str, str]:
    return Entry.objects.select_related("fact").get(uid=entry_uid).fact.facts  # type: ignore[no-any-return]


@reacts_to("notice", name="casework.deliver_notice")
def deliver_notice(entry_uid: str) -> None:
    """Print the notice, tell the person where to read it, and record that it was served."""
    with acting(SYSTEM, epoch=now_epoch()):
        paper = Paper.objects.select_related("case__person", "office").get(pk=_facts(entry_uid)["paper"])
        if not paper.file:
            kept = storage.keep(
                BytesIO(print_paper(paper)), declared_name=f"{paper.kind}.pdf", now=timezone.now()
            )
            printed(paper.pk, key=kept.key, sha256=kept.sha256, size=kept.size)
        for delivery in Delivery.objects.filter(paper=paper, state="waiting", channel__in=["email", "sms"]):
            sent = _tell(paper.case, delivery.channel, _notice_words, key=f"notice:{delivery.pk}")
            serve(delivery.pk, proof=sent, actor=SYSTEM, at=timezone.now())


@reacts_to("code", name="casework.send_code")
def send_code(entry_uid: str) -> None:
    """Send the digits of a one-time code to every way the person gave."""
    with acting(SYSTEM, epoch=now_epoch()):
        code = Code.objects.select_related("case__person").get(pk=_facts(entry_uid)["code"])
        if code.used_at or code.until < timezone.now():
            return
        for channel in ("email", "sms"):
            _tell(
                code.case, channel, lambda case: _code_words(case, code.pk), key=f"code:{channel}:{code.pk}"
            )


@reacts_to("message.office", "looked", name="casework.tell_of_message")
def tell_of_message(entry_uid: str) -> None:
    """Tell the person that there is something to read; never what it says."""
    with acting(SYSTEM, epoch=now_epoch()):
        entry = Entry.objects.get(uid=entry_uid)
        case = Case.objects.select_related("person").get(pk=entry.subject)
        for channel in ("email", "sms"):
            _tell(case, channel, _message_words, key=f"message:{channel}:{entry_uid}")


def _tell(case: Case, channel: str, wording: Callable[[Case], tuple[str, str]], *, key: str) -> str:
    reader = case.person
    if not getattr(reader, ADDRESS[channel]) and case.mandate is not None:
        reader = case.mandate.agent
    to = getattr(reader, ADDRESS[channel])
    if not to:
        return ""
    with translation.override(reader.language):
        subject, body = wording(case)
    if channel == "email":
        return mail.mail().send(to, subject, body, key=key).provider_id
    return sms.sms().send(to, body, key=key).provider_id


def _notice_words(case: Case) -> tuple[str, str]:
    link = f"{settings.PUBLIC_URL}/track/"
    return (
        _("编号 %(reference)s 有新的通知") % {"reference": case.reference},
        _("您的编号 %(reference)s 有一份新的通知。请打开 %(link)s，输入编号查看。")
        % {"reference": case.reference, "link": link},
    )


def _code_words(case: Case, code_id: UUID) -> tuple[str, str]:
    return (
        _("查询验证码"),
        _("编号 %(reference)s 的验证码是 %(code)s，15 分钟内有效。若不是您本人操作，请不要理会。")
        % {"reference": case.reference, "code": digits(code_id)},
    )


def _message_words(case: Case) -> tuple[str, str]:
    link = f"{settings.PUBLIC_URL}/track/"
    return (
        _("编号 %(reference)s 有新的留言") % {"reference": case.reference},
        _("经办单位就编号 %(reference)s 给您留言了。请打开 %(link)s，输入编号查看。")
        % {"reference": case.reference, "link": link},
    )
