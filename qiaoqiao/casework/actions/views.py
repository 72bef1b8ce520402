"""Saved views: an account's own names for the filters it uses again and again."""

from django.db import transaction

from qiaoqiao.access.tickets import Actor
from qiaoqiao.casework.models import SavedView

MOST_VIEWS = 12
LONGEST_NAME, LONGEST_QUERY = 40, 400


class ViewRefused(Exception):
    """A view has no name, is too long to keep, or is one too many: `missing`, `too_long`, `too_many`."""


@transaction.atomic
def save_view(name: str, query: str, *, actor: Actor) -> SavedView:
    """Keep filters under a name; the same name again replaces them. Raises ViewRefused."""
    name = " ".join(name.split())
    if not name:
        raise ViewRefused("missing")
    if len(name) > LONGEST_NAME or len(query) > LONGEST_QUERY:
        raise ViewRefused("too_long")
    account = actor.account_id or 0
    held = SavedView.objects.filter(account=account)
    if held.exclude(name=name).count() >= MOST_VIEWS:
        raise ViewRefused("too_many")
    view, _made = SavedView.objects.update_or_create(account_id=account, name=name, defaults={"query": query})
    return view


@transaction.atomic
def remove_view(view_id: int, *, actor: Actor) -> None:
    """Forget a view. Raises SavedView.DoesNotExist for one that is not the actor's own."""
    SavedView.objects.get(pk=view_id, account=actor.account_id).delete()
