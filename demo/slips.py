"""What goes wrong when names and dates are written down: the slips of real registers, at their usual rates."""

import random
from datetime import date

from lunar_python import Solar

from demo.residents import Resident
from qiaoqiao.parties.names.knowledge import confusable

MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def slipped_name(chance: random.Random, name: str, share: float) -> str:
    """The name, or with that chance one character of it as it sounds or looks to whoever writes."""
    if chance.random() >= share:
        return name
    places = [place for place, one in enumerate(name) if sorted(confusable().get(one, ()))]
    if not places:
        return name
    place = chance.choice(places[1:] or places)
    other = chance.choice(sorted(confusable()[name[place]]))
    return name[:place] + other + name[place + 1 :]


def slipped_latin(chance: random.Random, name: str, share: float) -> str:
    """A letter left out, doubled or changed, or the surname put last."""
    if chance.random() >= share or len(name) < 6:
        return name
    if chance.random() < 0.4:
        family, _, own = name.partition(" ")
        return f"{own} {family}" if own else name
    place = chance.randrange(2, len(name) - 1)
    letter = name[place]
    return name[:place] + chance.choice(("", letter * 2, chance.choice("aeinou"))) + name[place + 1 :]


def slipped_date(chance: random.Random, born: date, share: float) -> date:
    """Day and month exchanged, a neighbouring year, a finger beside the key."""
    if chance.random() >= share:
        return born
    if born.day <= 12 and chance.random() < 0.5:
        return born.replace(month=born.day, day=born.month)
    if chance.random() < 0.5:
        return born.replace(year=born.year + chance.choice((-2, -1, 1, 10)), day=min(born.day, 28))
    return born.replace(day=chance.randrange(1, 29))


def lunar(born: date) -> str:
    """The day in the old calendar, as old people know it."""
    day = Solar.fromYmd(born.year, born.month, born.day).getLunar()
    return f"农历{day.getYear()}年{abs(day.getMonth())}月{day.getDay()}日"


def in_register(chance: random.Random, one: Resident) -> str:
    """A birth date as an office's clerk writes it on a card."""
    born = slipped_date(chance, one.born, 0.05)
    if one.born.year < 1960 and chance.random() < 0.10:
        return lunar(one.born)
    how = chance.random()
    if how < 0.45:
        return f"{born.year}-{born.month:02}-{born.day:02}"
    if how < 0.75:
        return f"{born.year}.{born.month:02}"
    return f"{born.year}年{born.month}月{born.day}日" if how < 0.92 else str(born.year)


def abroad(chance: random.Random, one: Resident) -> str:
    """A birth date as an association keeps it: often the year only, or the month, or a lunar day."""
    born = slipped_date(chance, one.born, 0.07)
    how = chance.random()
    if how < 0.30:
        return str(born.year)
    if how < 0.48:
        return f"{MONTHS[born.month - 1]} {born.year}"
    if how < 0.60 and one.born.year < 1970:
        return lunar(one.born)
    return f"{born.day} {MONTHS[born.month - 1]} {born.year}"
