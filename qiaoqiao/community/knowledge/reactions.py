"""What follows when an answer is due or over: its owner is written to, once."""

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.community.knowledge.models import Answer
from qiaoqiao.gateways import mail
from qiaoqiao.ledger.models import Entry
from qiaoqiao.ledger.reacting import reacts_to


@reacts_to("answer.due", "answer.outdated", name="knowledge.tell_owner")
def tell_owner(entry_uid: str) -> None:
    """Write to whoever looks after the answer; nobody looks after some, they stand in the list."""
    with acting(SYSTEM, epoch=int(timezone.now().timestamp())):
        entry = Entry.objects.select_related("fact").get(uid=entry_uid)
        answer = Answer.objects.select_related("owner").get(pk=entry.subject)
        owner = answer.owner
        if owner is None or not owner.email or entry.fact.facts.get("told"):
            return
        with translation.override(owner.language):
            link = f"{settings.PUBLIC_URL}/staff/questions/{answer.pk}/"
            subject = _("有一条常见问题该核对了")
            body = _("您负责的一条常见问题到了核对的日子，或已经过了有效期：%(link)s") % {"link": link}
        mail.mail().send(owner.email, subject, body, key=f"{entry_uid}:owner")
