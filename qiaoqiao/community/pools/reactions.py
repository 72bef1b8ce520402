"""What follows an entry of a member: the keeper is told that a term ends soon."""

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from qiaoqiao.access.models import Account, Post
from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.community.pools.actions.clearing import forget
from qiaoqiao.community.pools.models import PoolMember, PoolTerm
from qiaoqiao.gateways import mail
from qiaoqiao.ledger.models import Entry
from qiaoqiao.ledger.reacting import reacts_to
from qiaoqiao.parties.forgetting import forgets


@reacts_to("pool.expiring", name="pools.tell_keeper")
def tell_keeper(entry_uid: str) -> None:
    """Write to the heads of the keeping office, in words that name nobody; the page does."""
    now = timezone.now()
    today = timezone.localdate(now)
    with acting(SYSTEM, epoch=int(now.timestamp())):
        entry = Entry.objects.select_related("fact").get(uid=entry_uid)
        member = PoolMember.objects.get(pk=entry.subject)
        term = PoolTerm.objects.filter(pk=entry.fact.facts["term"], ended_on__isnull=True).first()
        if term is None or term.ends_on is None:
            return
        posts = Post.objects.filter(office=member.keeper_id, role="head", since__lte=today).exclude(
            until__lt=today
        )
        for head in Account.objects.filter(pk__in=posts.values("account")).exclude(email="").order_by("pk"):
            with translation.override(head.language):
                subject = _("人员库：有人任期将满")
                body = _("人员库里有一位成员的任期到 %(day)s 为止。请看名单，准备续任或换人：%(link)s") % {
                    "day": term.ends_on.isoformat(),
                    "link": f"{settings.PUBLIC_URL}/staff/pools/expiring/",
                }
            mail.mail().send(head.email, subject, body, key=f"pool:{term.pk}:{term.warned_days}:{head.pk}")


forgets("pools")(forget)
