"""Papers that may come later (容缺受理), as the last page of a filing offers them."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from qiaoqiao.access.models import Office
from qiaoqiao.casework.actions.intake import Filing
from qiaoqiao.casework.promising import Promisable, lead_office, not_kept, promisable
from qiaoqiao.catalogue.composing import composed
from qiaoqiao.catalogue.entry import Entry, words
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
    event = composed(held.entry.id)
    if event is None:
        return [
            _offer(one, held.entry, office, "", language)
            for one, office in _open(held.entry, filing, brought)
        ]
    found = []
    for part, request in filings_of(event, filing):
        if event.waits(part, filing.facts):
            continue  # its days would run before it begins
        own = {name for name, asked in part.papers.items() if asked in brought}
        later = set(part.leg.later_papers)
        found += [
            _offer(one, part.entry, office, f"{part.entry.id}:", language)
            for one, office in _open(part.entry, request, own | later)
        ]
    return found


def _open(entry: Entry, filing: Filing, brought: set[str]) -> list[tuple[Promisable, Office]]:
    office = lead_office(entry, filing.facts)
    if office is None:
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
    move = not_kept(entry)
    said = words(move.says, language).rstrip("。.") if move else ""
    return _("到期没有补交的后果：%(what)s。") % {"what": said} if said else ""
