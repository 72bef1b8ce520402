"""Finding the office that takes a seat: of a kind the entry names, at the matter's place or nearest above."""

from qiaoqiao.access.models import Office, Place
from qiaoqiao.catalogue.entry import Entry, Seat


class NoOffice(Exception):
    """No office of the kinds asked for serves this place or any place above it."""

    def __init__(self, seat: str, place: str) -> None:
        self.seat, self.place = seat, place
        super().__init__(f"no office for seat {seat} at {place}")


class NotThisOffice(Exception):
    """The office chosen is not of a kind that may take the seat."""


def lineage(place: Place) -> list[str]:
    """The place's code and those of the places above it, nearest first."""
    codes = []
    at: Place | None = place
    while at is not None:
        codes.append(at.code)
        at = at.parent
    return codes


def office_for(entry: Entry, seat_id: str, place: Place) -> Office:
    """Return the office for a seat. Raises NoOffice.

    With a level the seat goes to that level's office; without one to the nearest at or above the place.
    """
    seat = entry.seats[seat_id]
    codes = lineage(place)
    found = Office.objects.filter(kind__in=seat.kinds, place__in=codes).select_related("place")
    if seat.level:
        found = found.filter(level=seat.level)
    nearest = sorted(found, key=lambda office: (codes.index(office.place_id), office.pk))
    if not nearest:
        raise NoOffice(seat_id, place.code)
    return nearest[0]


def chosen(seat: Seat, office_id: int) -> Office:
    """Return the office an officer picked. Raises NotThisOffice when it cannot take the seat."""
    try:
        return Office.objects.select_related("place").get(pk=office_id, kind__in=seat.kinds)
    except Office.DoesNotExist:
        raise NotThisOffice(str(office_id)) from None
