"""What follows an entry of a file once it is committed: keepers told, codes sent, proofs of erased files removed."""

import re
from contextlib import suppress

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from qiaoqiao.access.models import Account, Post
from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.gateways import mail, sms, storage
from qiaoqiao.ledger.models import Entry
from qiaoqiao.ledger.reacting import reacts_to
from qiaoqiao.parties.actions.proposing import propose_for
from qiaoqiao.parties.actions.proving import digits, own_contacts
from qiaoqiao.parties.models import File, FileCode

_CHINESE_MOBILE = re.compile(r"1[3-9][0-9]{9}")


@reacts_to("file.opened_by_reason", name="parties.tell_keepers")
def tell_keepers(entry_uid: str) -> None:
    """Write to the heads of the keeping office, and of the offices above it, that another office opened a file."""
    now = timezone.now()
    with acting(SYSTEM, epoch=int(now.timestamp())):
        entry = Entry.objects.get(uid=entry_uid)
        file = File.objects.select_related("office").get(pk=entry.subject)
        for head in heads_over(file, on=timezone.localdate(now)):
            with translation.override(head.language):
                subject = _("档案 %(number)s 被外单位打开") % {"number": file.number}
                body = _("有外单位写明理由，打开了档案 %(number)s，只限当天。理由和单位请看：%(link)s") % {
                    "number": file.number,
                    "link": f"{settings.PUBLIC_URL}/staff/people/{file.number}/",
                }
            mail.mail().send(head.email, subject, body, key=f"opened:{head.pk}:{entry_uid}")


def heads_over(file: File, *, on: object) -> list[Account]:
    """The heads of the office that keeps a file and of those above it, who have an address."""
    line = [int(part) for part in file.office.path.strip("/").split("/") if part]
    posts = Post.objects.filter(office__in=line, role="head", since__lte=on).exclude(until__lt=on)
    return list(Account.objects.filter(pk__in=posts.values("account")).exclude(email="").order_by("pk"))


def dialled(number: str) -> str:
    """A telephone number as carriers take it: rolls write Chinese mobile numbers without +86."""
    return f"+86{number}" if _CHINESE_MOBILE.fullmatch(number) else number


@reacts_to("file.code", name="parties.send_code")
def send_code(entry_uid: str) -> None:
    """Send the digits to every address of the file that is the person's alone."""
    at = timezone.now()
    with acting(SYSTEM, epoch=int(at.timestamp())):
        facts = Entry.objects.select_related("fact").get(uid=entry_uid).fact.facts
        code = FileCode.objects.select_related("file").filter(pk=facts["code"]).first()
        if code is None or code.used_at or code.until < at:
            return
        with translation.override(facts["language"]):
            words = {"number": code.file.number, "code": digits(code.pk)}
            body = (
                _("档案 %(number)s 的验证码是 %(code)s，15 分钟内有效。若不是您本人操作，请不要理会。")
                % words
            )
            subject = _("打开档案的验证码")
        for contact in own_contacts(code.file_id, on=timezone.localdate(at)):
            key = f"file-code:{contact.pk}:{code.pk}"
            with suppress(
                mail.AddressWrong, sms.NumberWrong
            ):  # as a roll had it; the others still get theirs
                if contact.kind == "email":
                    mail.mail().send(contact.value, subject, body, key=key)
                else:
                    sms.sms().send(dialled(contact.value), body, key=key)


@reacts_to("file.erased", name="parties.remove_proofs")
def remove_proofs(entry_uid: str) -> None:
    """Take the files that an erased person handed in out of storage; again changes nothing."""
    with acting(SYSTEM, epoch=int(timezone.now().timestamp())):
        facts = Entry.objects.select_related("fact").get(uid=entry_uid).fact.facts
    for key in facts["proofs"]:
        storage.remove(key)


@reacts_to("file.made", "file.imported", "file.merged", name="parties.propose")
def propose(entry_uid: str) -> None:
    """Look for files that tell of the same person; again changes nothing."""
    now = timezone.now()
    with acting(SYSTEM, epoch=int(now.timestamp())):
        entry = Entry.objects.get(uid=entry_uid)
        propose_for(entry.subject, actor=SYSTEM, at=now)
