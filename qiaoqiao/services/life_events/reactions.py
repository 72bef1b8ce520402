"""What follows a step of one leg: the next one begins by itself."""

from django.utils import timezone

from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.catalogue.composing import life_events
from qiaoqiao.ledger.models import Entry
from qiaoqiao.ledger.reacting import reacts_to
from qiaoqiao.services.life_events.actions import go_on


def awaited() -> list[str]:
    """The kinds of entry that some leg of some life event waits for, and the end of a case."""
    legs = [part.leg for composed in life_events().values() for part in composed.parts]
    return sorted({"closed", *(leg.after.event for leg in legs if leg.after)})


@reacts_to(*awaited(), name="life_events.go_on")
def go_on_after(entry_uid: str) -> None:
    """Begin or drop the legs that waited for this step; the new case sends its own receipt."""
    at = timezone.now()
    with acting(SYSTEM, epoch=int(at.timestamp())):
        go_on(Entry.objects.get(uid=entry_uid).subject, actor=SYSTEM, at=at)
