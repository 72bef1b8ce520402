"""What follows a step of a referral: the partner's letter, and the case learning what the partner did."""

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from qiaoqiao.access.links import make_link
from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.casework.actions.alongside import note
from qiaoqiao.community.alliance.actions.clearing import forget
from qiaoqiao.community.alliance.models import Referral
from qiaoqiao.community.alliance.rules import WITH_PARTNER
from qiaoqiao.gateways import mail
from qiaoqiao.ledger.models import Entry
from qiaoqiao.ledger.reacting import reacts_to
from qiaoqiao.ledger.rules import JSON
from qiaoqiao.parties.forgetting import forgets

PURPOSE = "referral"


def now_epoch() -> int:
    """The worker is a door: here it reads the clock."""
    return int(timezone.now().timestamp())


@reacts_to("referral.sent", "referral.renewed", name="alliance.send_link")
def send_link(entry_uid: str) -> None:
    """Send the partner the present link; the letter says nothing of the person."""
    with acting(SYSTEM, epoch=now_epoch()):
        entry = Entry.objects.get(uid=entry_uid)
        referral = Referral.objects.select_related("offer__organisation").get(pk=entry.subject)
        partner = referral.offer.organisation
        if referral.link is None or referral.until is None or referral.state not in WITH_PARTNER:
            return
        if not partner.email:
            return
        token = make_link(PURPOSE, referral.link, until=referral.until)
        day = timezone.localtime(referral.until).date().isoformat()
        with translation.override("zh-hans"):
            subject = _("有一件事想请您帮忙")
            body = _(
                "有一位侨胞同意我们请您帮忙。请在 %(day)s 以前打开下面的链接，看一看，再答复接受或不接受。"
                "链接只给您一家，请不要转给别人；每次打开当事人都会知道。"
            )
        letter = f"{body % {'day': day}}\n{settings.PUBLIC_URL}/partner/{token}/"
        mail.mail().send(partner.email, subject, letter, key=f"referral:{entry_uid}")


@reacts_to(
    "referral.opened",
    "referral.accepted",
    "referral.declined",
    "referral.done",
    name="alliance.tell_the_case",
)
def tell_the_case(entry_uid: str) -> None:
    """Note beside the case what the partner did."""
    with acting(SYSTEM, epoch=now_epoch()):
        entry = Entry.objects.select_related("fact").get(uid=entry_uid)
        referral = Referral.objects.select_related("offer__organisation", "office").get(pk=entry.subject)
        step = entry.kind.partition(".")[2]
        partner: dict[str, JSON] = dict(referral.offer.organisation.names)
        facts: dict[str, JSON] = {"partner": partner, "entry": str(entry.uid)}
        facts |= {name: entry.fact.facts.get(name, "") for name in ("by", "words", "reason")}
        note(referral.case_id, step, facts, office=referral.office.code, actor=SYSTEM, at=entry.at)


forgets("alliance")(forget)
