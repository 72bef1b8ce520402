"""Finding the office that takes a seat: of a kind the entry names, at the matter's place or nearest above."""

from qiaoqiao.access.models import Office, Place
from qiaoqiao.catalogue.entry import Entry, Seat
from qiaoqiao.lib.statements import find

# Of the offices at the place and at those above it, the nearest one.
_NEAREST = """
JOIN (
    WITH RECURSIVE line AS (
        SELECT code, parent_id, 0 AS steps FROM access_place WHERE code = $1
        UNION ALL
        SELECT above.code, above.parent_id, steps + 1
        FROM access_place above JOIN line ON above.code = line.parent_id
    )
    SELECT code, steps FROM line
) line ON line.code = access_office.place_id
WHERE access_office.kind = ANY($2::text[])
  AND ($3::text IS NULL OR access_office.level = $3)
ORDER BY line.steps, access_office.id LIMIT 1
"""


class NoOffice(Exception):
    """No office of the kinds asked for serves this place or any place above it."""

    def __init__(self, seat: str, place: str) -> None:
        self.seat, self.place = seat, place
        super().__init__(f"no office for seat {seat} at {place}")


class NotThisOffice(Exception):
    """The office chosen is not of a kind that may take the seat."""


def office_for(entry: Entry, seat_id: str, place: Place) -> Office:
    """Return the office for a seat. Raises NoOffice.

    With a level the seat goes to that level's office; without one to the nearest at or above the place.
    """
    seat = entry.seats[seat_id]
    nearest = find(Office, _NEAREST, place.code, [str(kind) for kind in seat.kinds], seat.level)
    if not nearest:
        raise NoOffice(seat_id, place.code)
    return nearest[0]


def chosen(seat: Seat, office_id: int) -> Office:
    """Return the office an officer picked. Raises NotThisOffice when it cannot take the seat."""
    try:
        return Office.objects.select_related("place").get(pk=office_id, kind__in=seat.kinds)
    except Office.DoesNotExist:
        raise NotThisOffice(str(office_id)) from None
