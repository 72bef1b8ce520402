"""A person's file in words: who, with whom and where, and the whole journey."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from qiaoqiao.casework.models import Case
from qiaoqiao.catalogue.entry import words
from qiaoqiao.catalogue.loader import entry as catalogue_entry
from qiaoqiao.lib.countries import name as country_name
from qiaoqiao.parties import wording
from qiaoqiao.parties.consents import PURPOSES
from qiaoqiao.parties.consents import wording as consent_wording
from qiaoqiao.parties.correcting import proof_words
from qiaoqiao.parties.models import Consent, Kin, Member, Record
from qiaoqiao.parties.models.files import Fact
from qiaoqiao.parties.reading import PersonFile, age_of
from qiaoqiao.parties.sentences import Teller, Told, tell
from qiaoqiao.ui.moments import day_words
from qiaoqiao.ui.places import name_of
from qiaoqiao.workbench.intakeform import zone_of_country
from qiaoqiao.workbench.peopleforms import ADD
from qiaoqiao.workbench.words import told_to_staff

SCRIPT_LANG = {"hans": "zh-Hans", "hant": "zh-Hant"}


@dataclass(frozen=True)
class Known:
    """One fact as the page shows it; `more` are the lines that open on demand."""

    kind: str
    row: str
    text: str
    note: str
    lang: str
    over: bool
    ends: bool
    more: tuple[tuple[str, str], ...]
    href: str = ""


def shown(held: PersonFile, cases: Sequence[Case], *, language: str, today: date) -> dict[str, Any]:
    """Everything the template of a file's page needs."""
    teller = teller_of(held, language)
    page = Page(held, language, today)
    return {
        "file": held.file,
        "who": page.who(),
        "names": page.names(),
        "sections": page.about(),
        "around": page.around(),
        "members": page.members(),
        "visits": page.visits(),
        "consents": [page.consent(one) for one in held.consents],
        "records": [page.record(one) for one in held.records],
        "mandates": page.mandates(),
        "changes": [
            (wording.said(wording.CHANGE_KINDS, one.kind), one.due_on, one.pk) for one in held.changes
        ],
        "journey": woven(tell(held.doings, teller), (told_case(one, language) for one in cases)),
        "readings": tell(held.readings, teller),
        "open": held.file.state == "active",
    }


def teller_of(held: PersonFile, language: str) -> Teller:
    return Teller(
        language,
        offices={code: name_of(office.names, language) for code, office in held.offices.items()},
        officers=held.officers,
        sources={code: name_of(source.names, language) for code, source in held.sources.items()},
    )


def woven(told: Iterable[Told], *others: Iterable[Told]) -> list[Told]:
    """The file's own history and the person's cases in one, newest first; grants and appointments join here."""
    every = [*told, *(one for other in others for one in other)]
    return sorted(every, key=lambda one: one.at, reverse=True)


def told_case(case: Case, language: str) -> Told:
    """A case as one step of the journey."""
    entry = catalogue_entry(case.service, case.edition)
    state = entry.states[case.state]
    closed = _("办结于 %(on)s") % {"on": on_words(case.closed_at)} if case.closed_at else ""
    lines = [
        case.reference,
        told_to_staff(state.name, language),
        name_of(case.office.names, language),
        closed,
    ]
    return Told(
        title=_("提出申请：%(service)s") % {"service": words(entry.name, language)},
        at=case.filed_at,
        by="",
        text=_("，").join(filter(None, lines)),
        state="done" if case.closed_at else "",
        url=f"/staff/cases/{case.reference}/",
    )


def on_words(on: date | datetime | None) -> str:
    """A day in words, without its weekday; an instant's day in Beijing."""
    if on is None:
        return ""
    return day_words(localdate(on) if isinstance(on, datetime) else on, weekday=False)


@dataclass(frozen=True)
class Page:
    """The words of one file for one reader on one day."""

    held: PersonFile
    language: str
    today: date

    def who(self) -> dict[str, object]:
        """The bar on top: who this is, where they are, what they speak."""
        file = self.held.file
        names = {script: self.present(names) for script, names in self.held.names_by_script().items()}
        country = file.country
        return {
            "name": file.name,
            "others": [one.text for some in names.values() for one in some if one.text != file.name][:3],
            "sex": wording.said(wording.SEXES, file.sex),
            "age": None if file.died_on else age_of(file.born, self.today),
            "born": file.born,
            "died_on": file.died_on,
            "standing": wording.said(wording.STANDINGS, file.standing),
            "origin": self.country(file.origin),
            "return_year": file.return_year,
            "country": self.country(country),
            "zone": zone_of_country(country) if country and country != "CN" else "",
            "languages": [wording.said(wording.LANGUAGES, one) for one in file.languages],
            "office": name_of(file.office.names, self.language),
            "place": name_of(file.place.names, self.language) if file.place else "",
            "heir": file.merged_into.number if file.merged_into else "",
        }

    def present(self, facts: Iterable[Any]) -> list[Any]:
        return [one for one in facts if one.until is None or one.until >= self.today]

    def country(self, code: str) -> str:
        return country_name(code, self.language) if code else ""

    def names(self) -> list[tuple[str, list[Known]]]:
        """The names by script."""
        return [
            (
                wording.said(wording.SCRIPTS, script),
                [
                    self.known(
                        "name", one, one.text,
                        _("，").join(filter(None, [wording.said(wording.NAME_KINDS, one.kind),
                                                   wording.said(wording.SPELLINGS, one.spelling)])),
                        lang=SCRIPT_LANG.get(script, ""),
                    )
                    for one in names
                ],
            )
            for script, names in self.held.names_by_script().items()
        ]  # fmt: skip

    def about(self) -> list[tuple[str, str, list[Known], str]]:
        """Papers, citizenships and standings: kind, heading, facts, what adding one is called."""
        held = self.held
        papers = [
            self.known("document", one, wording.said(wording.IDENTITY_KINDS, one.kind), self.paper_words(one))
            for one in held.documents
        ]
        citizenships = [
            self.known("citizenship", one, self.country(one.country)) for one in held.citizenships
        ]
        standings = [
            self.known(
                "standing", one, wording.said(wording.STANDINGS, one.kind),
                _("由%(office)s认定") % {"office": name_of(one.recognised_by.names, self.language)}
                if one.recognised_by else "",
            )
            for one in held.standings
        ]  # fmt: skip
        return [
            ("document", _("证件"), papers, str(ADD["document"])),
            ("citizenship", _("国籍"), citizenships, str(ADD["citizenship"])),
            ("standing", _("身份"), standings, str(ADD["standing"])),
        ]

    def paper_words(self, one: Any) -> str:
        return _("，").join(filter(None, [_("尾号 %(tail)s") % {"tail": one.tail}, self.country(one.issuer)]))

    def around(self) -> list[tuple[str, str, list[Known], str]]:
        """Kin, addresses, contacts and needs, in the same way."""
        held = self.held
        addresses = [
            self.known(
                "address", one, one.text,
                _("，").join(filter(None, [wording.said(wording.ADDRESS_KINDS, one.kind), self.country(one.country)])),
                lang="" if one.country not in {"", "CN"} else "zh-Hans",
            )
            for one in held.addresses
        ]  # fmt: skip
        needs = [
            self.known("need", one, wording.said(wording.NEEDS, one.kind), one.note) for one in held.needs
        ]
        return [
            ("contact", _("联系方式"), [self.contact(one) for one in held.contacts], str(ADD["contact"])),
            ("language", _("语言"), self.spoken(), str(ADD["language"])),
            ("address", _("地址"), addresses, str(ADD["address"])),
            ("kin", _("亲属"), [self.relative(one) for one in held.kin], str(ADD["kin"])),
            ("need", _("需要"), needs, str(ADD["need"])),
        ]

    def spoken(self) -> list[Known]:
        """The languages of the person; they are changed all at once and have no dates of their own."""
        said = [wording.said(wording.LANGUAGES, one) for one in self.held.file.languages]
        return [Known("language", "", one, "", "", False, False, ()) for one in said]

    def contact(self, one: Any) -> Known:
        notes = [
            wording.said(wording.CONTACT_KINDS, one.kind),
            _("先用这个联系") if one.preferred else "",
            _("家人也看得到") if one.shared else "",
            one.wish,
        ]
        return self.known("contact", one, one.value, _("，").join(filter(None, notes)))

    def relative(self, one: Kin) -> Known:
        relation = wording.said(wording.KIN, one.relation)
        other = one.other
        return self.known(
            "kin", one, one.name or (other.name if other else "") or relation,
            _("，").join(filter(None, [relation, self.country(one.country)])),
            lang="", href=f"/staff/people/{other.number}/" if other else "",
        )  # fmt: skip

    def members(self) -> dict[str, object]:
        """The household: its number and place, the person's part in it, and who else is there."""
        present = self.present(self.held.memberships)
        home = present[0].household if present else None
        return {
            "own": [
                self.known("member", one, wording.said(wording.RELATIONS, one.relation) or _("家里一员"),
                           _("户号 %(number)s") % {"number": one.household.number} if one.household.number else "")
                for one in self.held.memberships
            ],
            "address": home.address if home else "",
            "others": [self.other(one) for one in self.held.members],
        }  # fmt: skip

    def other(self, one: Member) -> dict[str, str]:
        age = None if one.file.died_on else age_of(one.file.born, self.today)
        notes = [wording.said(wording.RELATIONS, one.relation), _("%(n)d 岁") % {"n": age} if age else ""]
        return {
            "name": one.file.name or one.file.number,
            "note": _("，").join(filter(None, notes)),
            "href": f"/staff/people/{one.file.number}/",
        }

    def known(
        self, kind: str, one: Fact, text: str, note: str = "", *, lang: str = "", href: str = ""
    ) -> Known:
        """A fact with when it held, how it is known and where it came from."""
        source = one.record.source if one.record else None
        more = [
            (_("从"), on_words(one.since)),
            (_("到"), on_words(one.until)),
            (_("怎么知道的"), proof_words(one.proof)),
            (_("来自名册"), name_of(source.names, self.language) if source else ""),
            (_("登记于"), on_words(one.added_at)),
        ]
        over = one.until is not None and one.until < self.today
        return Known(
            kind, str(one.pk), text, note, lang, over, one.until is None,
            tuple((label, value) for label, value in more if value), href,
        )  # fmt: skip

    def visits(self) -> list[dict[str, object]]:
        return [
            {
                "kind": wording.said(wording.VISITS, one.kind),
                "at": one.visited_at,
                "by": f"{name_of(one.office.names, self.language)} {one.officer.name}",
                "said": one.said,
                "found": one.found,
            }
            for one in self.held.visits
        ]

    def consent(self, one: Consent) -> dict[str, object]:
        known = consent_wording(one.purpose, self.language).title if one.purpose in PURPOSES else one.purpose
        return {
            "title": known,
            "recipient": one.recipient,
            "given_on": localdate(one.given_at),
            "method": wording.said(wording.CONSENT_METHODS, one.method),
            "withdrawn_on": localdate(one.withdrawn_at) if one.withdrawn_at else None,
        }

    def record(self, one: Record) -> dict[str, object]:
        names = _("，").join(filter(None, [one.name_hanzi, one.name_latin]))
        return {
            "source": name_of(one.source.names, self.language),
            "names": names,
            "on": one.record_date or localdate(one.added_at),
            "theirs": one.theirs,
        }

    def mandates(self) -> list[dict[str, object]]:
        mine = self.held.file.pk
        return [
            {
                "text": _("由 %(name)s 代办") % {"name": one.agent.name}
                if one.principal.file_id == mine
                else _("为 %(name)s 代办") % {"name": one.principal.name},
                "until": one.until,
                "revoked": one.revoked_at is not None,
            }
            for one in self.held.mandates
        ]
