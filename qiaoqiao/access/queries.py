"""Reading who sits where: posts of an account, and the offices that follow from them."""

from datetime import date

from django.db.models import Q, QuerySet

from qiaoqiao.access.models import Office, Post

CASE_ROLES = ["clerk", "handler", "head"]


def posts_of(account_id: int, *, on: date) -> QuerySet[Post]:
    """The posts an account holds on a day, with their offices."""
    held = Q(until__isnull=True) | Q(until__gte=on)
    return Post.objects.filter(held, account=account_id, since__lte=on).select_related("office")


def offices_read_by(account_id: int, *, on: date) -> list[int]:
    """Ids of the offices whose cases the account may read: its own, and below them for a head."""
    posts = list(posts_of(account_id, on=on).filter(role__in=CASE_ROLES))
    below = [Q(path__startswith=post.office.path) for post in posts if post.role == "head"]
    wanted = Q(pk__in=[post.office_id for post in posts])
    for branch in below:
        wanted |= branch
    return list(Office.objects.filter(wanted).values_list("pk", flat=True)) if posts else []


def lineage_of(account_id: int, *, on: date) -> list[int]:
    """Ids of the account's offices and all above them: if one of these is accused, the case stays shut."""
    paths = posts_of(account_id, on=on).values_list("office__path", flat=True)
    return [int(part) for path in paths for part in path.strip("/").split("/") if part]
