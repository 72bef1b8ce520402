"""Papers that may come later (容缺受理), as the last page of a filing offers them."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from qiaoqiao.access.models import Office, Place
from qiaoqiao.casework.actions.intake import Filing
from qiaoqiao.casework.promising import Promisable, promisable
from qiaoqiao.casework.routing import NoOffice, office_for
from qiaoqiao.catalogue.composing import life_event, life_events
from qiaoqiao.catalogue.entry import Entry, words
from qiaoqiao.catalogue.rules import PROMISED
from qiaoqiao.portal.drafts import Held
from qiaoqiao.portal.limits import length_words
from qiaoqiao.services.life_events.actions import filings_of
from qiaoqiao.ui.places import name_of


@dataclass(frozen=True)
class Offer:
    """One promise the person may make: its box, its words, what follows if it is not kept.

    `paper` is the material; in a life event with its service before it, `title_transfer:certificate`.
    """

    field: str
    paper: str
    label: str
    otherwise: str


def promises_offered(held: Held, filing: Filing, language: str) -> list[Offer]:
    """The missing papers that the offices this goes to would wait for."""
    brought = {str(one["kind"]) for one in held.draft.files}
    if held.entry.id not in life_events():
        return [
            _offer(one, held.entry, office, "", language)
            for one, office in _open(held.entry, filing, brought)
        ]
    found = []
    for part, request in filings_of(life_event(held.entry.id), filing):
        own = {name for name, asked in part.papers.items() if asked in brought}
        later = set(part.leg.later_papers)
        found += [
            _offer(one, part.entry, office, f"{part.entry.id}:", language)
            for one, office in _open(part.entry, request, own | later)
        ]
    return found


def _open(entry: Entry, filing: Filing, brought: set[str]) -> list[tuple[Promisable, Office]]:
    place = Place.objects.filter(pk=str(filing.facts.get(entry.seats["lead"].place, ""))).first()
    if place is None or not any(one.promise for one in entry.materials):
        return []
    try:
        office = office_for(entry, "lead", place)
    except NoOffice:
        return []
    facts = dict(filing.facts) | {"channel": filing.channel}
    return [(one, office) for one in promisable(entry, facts, brought, office)]


def _offer(one: Promisable, entry: Entry, office: Office, before: str, language: str) -> Offer:
    said = {
        "paper": words(one.material.name, language),
        "office": name_of(office.names, language),
        "length": length_words(one.amount, one.unit),
    }
    paper = f"{before}{one.material.id}"
    return Offer(
        field=f"promise_{paper}",
        paper=paper,
        label=_("我现在没有“%(paper)s”。请%(office)s先受理，我承诺在%(length)s内补交。") % said,
        otherwise=_otherwise(entry, language),
    )


def _otherwise(entry: Entry, language: str) -> str:
    """What the law of the entry does when the promise is not kept, in the words of that move."""
    lapses = (limit.lapse or "" for limit in entry.limits if PROMISED in limit.starts)
    names = (lapse.partition(":")[2] for lapse in lapses if lapse.startswith("move:"))
    said = [words(entry.move(name).says, language) for name in names]
    return _("到期没有补交的后果：%(what)s。") % {"what": said[0].rstrip("。.")} if said else ""
