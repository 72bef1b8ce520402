"""Walking a service through the doors as people and officers do: the portal's pages, then the workbench's.

`steer` answers the questions on a service's page, `file_online` fills in every page of the form and sends it,
`make_move` is an officer at the workbench, `take_step` the person on their case's page, `read_as_person` and
`read_notice` what the person sees after proving the case with a code. Dates are ISO text, yes and no are booleans.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Max
from django.test import Client

from qiaoqiao.access.models import Account, Office, Place, Post
from qiaoqiao.access.rules import OfficeKind
from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.casework.models import Case, Paper, Term
from qiaoqiao.catalogue.entry import Entry, FormField, Section, holds
from qiaoqiao.catalogue.loader import entry
from tests.cast import SINCE, Town, now_epoch
from tests.portal.following import page, prove, token_of, told
from tests.portal.forms import APPLICANT, begin, photograph, send
from tests.workbench.conftest import client_of

Facts = Mapping[str, Any]
ROSA_IN_CHINESE = APPLICANT | {"language": "zh-hans"}
"""Rosa of the cast, who wants her letters in Chinese."""
OFFICE_NAMES = {
    OfficeKind.FEDERATION: "侨联",
    OfficeKind.OVERSEAS_AFFAIRS: "侨务局",
    OfficeKind.EXIT_ENTRY_POLICE: "公安局出入境管理",
    OfficeKind.PETITION_OFFICE: "信访局",
    OfficeKind.DISCIPLINE: "纪检监察",
    OfficeKind.EDUCATION: "教育局",
    OfficeKind.HOUSING: "住房和城乡建设局",
    OfficeKind.NATURAL_RESOURCES: "自然资源局",
    OfficeKind.HUMAN_RESOURCES: "人力资源和社会保障局",
    OfficeKind.CIVIL_AFFAIRS: "民政局",
    OfficeKind.HEALTH: "卫生健康局",
    OfficeKind.JUSTICE: "司法局",
    OfficeKind.TAX: "税务局",
    OfficeKind.COURT: "人民法院",
    OfficeKind.PROCURATORATE: "人民检察院",
    OfficeKind.TOWNSHIP: "人民政府",
    OfficeKind.VILLAGE: "侨胞之家",
    OfficeKind.SCHOOL: "学校",
    OfficeKind.HOUSEHOLD_POLICE: "公安局户政",
    OfficeKind.LEGAL_AID: "法律援助中心",
    OfficeKind.LEGAL_SERVICE: "公共法律服务中心",
    OfficeKind.NOTARY: "公证处",
    OfficeKind.MEDIATION: "涉侨纠纷调解工作室",
    OfficeKind.ARBITRATION: "仲裁委员会",
    OfficeKind.HOSPITAL: "医院",
    OfficeKind.CONGRESS_COMMITTEE: "人大侨务委员会",
    OfficeKind.CONSULTATIVE_COMMITTEE: "政协港澳台侨委员会",
    OfficeKind.ZHIGONG: "致公党",
}
BELOW = {OfficeKind.TOWNSHIP, OfficeKind.VILLAGE}
"""Kinds that are found below the county only; in the wide town they sit in one township."""


# --- the town --------------------------------------------------------------------------------------


class WideTown:
    """The cast's town with an office of every kind in the county and the city, one head in each."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.offices: dict[tuple[str, str], Office] = {}
        self.heads: dict[tuple[str, str], Account] = {}

    def office(self, kind: str, level: str = "county") -> Office:
        """The office of a kind: `county` is Taishan's, `city` Jiangmen's, `township` and `village` Duanfen's."""
        return self.offices[kind, level]

    def head(self, kind: str, level: str = "county") -> Account:
        """Who may make every move of that office."""
        return self.heads[kind, level]

    def open(self, kinds: Iterable[OfficeKind], level: str, place: Place) -> None:
        """Open the offices that the town lacks, name all as letterheads do, and put a head in each."""
        named = {kind: place.names["zh-Hans"] + OFFICE_NAMES[kind] for kind in kinds}
        there = {one.kind: one for one in Office.objects.filter(kind__in=named, level=level, place=place)}
        lacking = [kind for kind in named if kind not in there]
        first = (Office.objects.aggregate(last=Max("pk"))["last"] or 0) + 1_000
        for number, kind in enumerate(lacking, first):
            above = self.offices.get((kind, "city"))
            path = f"{above.path if above else '/'}{number}/"
            one = Office(pk=number, code=f"{place.pk}-{kind}", kind=kind, level=level, place=place,
                         parent=above, path=path, letterhead="侨测函", address="侨都路1号",
                         phone="0750-0000000", hours="周一至周五 09:00-17:00")  # fmt: skip
            there[kind] = one
        for kind, one in there.items():
            one.names = {"zh-Hans": named[OfficeKind(kind)], "en": one.code}
        Office.objects.bulk_create([there[kind] for kind in lacking])
        Office.objects.bulk_update([one for kind, one in there.items() if kind not in lacking], ["names"])
        people = Account.objects.bulk_create(
            [Account(username=f"head-{level}-{kind}", name=f"head-{level}-{kind}") for kind in there]
        )
        Post.objects.bulk_create(
            Post(account=head, office=office, role=role, since=SINCE)
            for head, office in zip(people, there.values(), strict=True)
            for role in ("handler", "head")
        )
        self.offices |= {(kind, level): one for kind, one in there.items()}
        self.heads |= {(kind, level): head for kind, head in zip(there, people, strict=True)}


def wide_town(town: Town) -> WideTown:
    """Give the cast's town offices of every kind, each with one head."""
    wide = WideTown(town)
    ordinary = [kind for kind in OfficeKind if kind not in BELOW]
    wide.open(ordinary, "city", town.city)
    wide.open(ordinary, "county", town.taishan)
    for kind in sorted(BELOW):
        wide.open([kind], kind.value, town.duanfen)
    return wide


# --- the person ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Steered:
    """Where the questions on a service's page led: `go`, `stop` or the id of the other entry, and the words."""

    to: str
    words: str


def browser_of_a_person(language: str = "zh-CN") -> Client:
    return Client(headers={"accept-language": language})


def steer(client: Client, service: str, answers: Mapping[str, str]) -> Steered:
    """Answer the steering questions in the order in which the page asks them, each chosen from what it offers."""
    address, html = f"/services/{service}/", page(client, f"/services/{service}/")
    for number, (question, answer) in enumerate(answers.items()):
        assert f'name="{question}" value="{answer}"' in html, (
            f"{service} does not ask {question}={answer} now"
        )
        address += f"{'&' if number else '?'}{question}={answer}"
        html = page(client, address)
    block = html.split('class="qq-steering"', 1)[1].split("<h2", 1)[0]
    other = re.search(r'href="/services/(\w+)/"', block)
    if other:
        return Steered(other.group(1), told_in(block))
    found = [("go", "您可以办这件事"), ("stop", "这件事不适合您的情况")]
    return Steered(next((name for name, said in found if said in block), "asking"), told_in(block))


def told_in(html: str) -> str:
    """The words of a piece of a page, without its marks and spaces."""
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", html))


def file_online(
    service: str,
    facts: Facts,
    *,
    client: Client | None = None,
    applicant: Facts = ROSA_IN_CHINESE,
    papers: Iterable[str] = (),
) -> str:
    """Fill in every page in the order it leads, bring a photograph as each of `papers`, send; the reference."""
    client, about = client or browser_of_a_person(), entry(service)
    pages = begin(client, service)
    step, walked = "applicant", 0
    while step != "review":
        assert (walked := walked + 1) < 20, f"{service} does not come to its last page"
        answer = client.post(f"{pages}{step}/", sent_on(about, step, facts, applicant, papers))
        assert answer.status_code == 303, (step, faults_of(answer))
        step = answer["Location"].rstrip("/").split("/")[-1]
    return send(client, pages)


def refused_page(service: str, step: str, facts: Facts) -> str:
    """Post one page of the form and read what is said when it is wrong."""
    client, about = browser_of_a_person(), entry(service)
    pages = begin(client, service)
    answer = client.post(f"{pages}{step}/", sent_on(about, step, facts, ROSA_IN_CHINESE, ()))
    assert answer.status_code == 422, f"{service} {step} was not refused"
    return answer.content.decode()


def sent_on(
    about: Entry, step: str, facts: Facts, applicant: Facts, papers: Iterable[str]
) -> dict[str, object]:
    """What a browser would send from one page of the form."""
    if step == "applicant":
        return dict(applicant)
    if step == "papers":
        return {f"file_{name}": photograph() for name in papers} | {"continue": "yes"}
    if step == "representatives":
        return {}
    section = next(one for one in about.form if f"q-{one.id}" == step)
    return as_posted(asked_under(section, facts), facts)


def asked_under(section: Section, facts: Facts) -> list[tuple[str, str]]:
    """The questions of a section that these answers ask and answer, with their types."""
    known: dict[str, object] = dict(facts)

    def asked(one: FormField) -> bool:
        return one.id in known and holds(one.when, known)

    return [(one.id, one.type) for one in section.fields if asked(one)]


def as_posted(asked: Iterable[tuple[str, str]], answers: Facts) -> dict[str, object]:
    """Answers as the inputs of a page send them: three boxes for a date, radio values for yes and no."""
    found: dict[str, object] = {}
    for name, kind in asked:
        value = answers[name]
        match kind:
            case "date":
                parts = zip(("year", "month", "day"), str(value).split("-"), strict=True)
                found |= {f"{name}_{part}": number for part, number in parts}
            case "yesno":
                found[name] = "yes" if value else "no"
            case "place" if len(str(value)) > len("440781"):
                found |= {name: str(value)[:6], f"{name}_town": value}
            case "office":
                found[name] = str(value.pk if isinstance(value, Office) else value)
            case "choices" | "materials" | "papers":
                found[name] = list(value)
            case _:
                found[name] = str(value)
    return found


def faults_of(answer: Any) -> str:
    """What a page says is wrong, for a failing test to show."""
    html = answer.content.decode()
    found = re.findall(r'govuk-error-summary__list">(.*?)</ul>', html, re.DOTALL)
    return told_in(found[0]) if found else html


# --- an officer ------------------------------------------------------------------------------------


def make_move(account: Account, reference: str, move_id: str, answers: Facts | None = None) -> None:
    """Open the move's page, preview its notice when it issues one, confirm."""
    case, client, given = case_of(reference), client_of(account), dict(answers or {})
    move = entry(case.service).move(move_id)
    address = f"/staff/cases/{reference}/moves/{move_id}/"
    seen = re.search(r'name="seen" value="(\d+)"', page(client, address))
    assert seen, f"{account.username} finds no form for {move_id}"
    asked = {ask.id: ask.type for ask in move.asks}
    assert given.keys() <= asked.keys(), f"{move_id} does not ask {given.keys() - asked.keys()}"
    sent = as_posted([(name, asked[name]) for name in given], given) | {"seen": seen.group(1)}
    if move.notice:
        shown = client.post(address, sent | {"do": "preview"})
        assert shown.status_code == 200, faults_of(shown)
    done = client.post(address, sent | {"do": "confirm"})
    assert done.status_code == 302, faults_of(done)


def may_move(account: Account, reference: str, move_id: str) -> bool:
    """Whether the officer finds this move open: 404 for a stranger, 409 when it is not to be made now."""
    return client_of(account).get(f"/staff/cases/{reference}/moves/{move_id}/").status_code == 200


def read_as_staff(account: Account, reference: str) -> str:
    return page(client_of(account), f"/staff/cases/{reference}/")


# --- the person again ------------------------------------------------------------------------------


def proved(reference: str, language: str = "zh-CN") -> Client:
    """Another day, another device: ask for the code, take it from the letter, type it in."""
    return prove(browser_of_a_person(language), case_of(reference))


def take_step(
    reference: str, move_id: str, answers: Facts | None = None, *, papers: Iterable[str] = ()
) -> None:
    """The person's own move: `papers` names what they upload as which material (`other` fits always)."""
    client, given = proved(reference), dict(answers or {})
    asked = {ask.id: ask.type for ask in entry(case_of(reference).service).move(move_id).asks}
    address = f"/cases/{reference}/steps/{move_id}/"
    sent = as_posted([(name, asked[name]) for name in given], given)
    sent |= {f"file_{name}": photograph() for name in papers}
    answer = client.post(address, sent | {"once": token_of(page(client, address)), "anyway": "yes"})
    assert answer.status_code == 303, faults_of(answer)


def read_as_person(reference: str, path: str = "", language: str = "zh-CN") -> str:
    """A page of the case as the person reads it after proving it."""
    return page(proved(reference, language), f"/cases/{reference}/{path}")


def read_notice(reference: str, kind: str, language: str = "zh-CN") -> str:
    """The newest notice of a kind, opened by the person from their case's page: its words without spaces."""
    client = proved(reference, language)
    with acting(SYSTEM, epoch=now_epoch()):
        paper = Paper.objects.filter(case__reference=reference, kind=kind, direction="out").latest("added_at")
    address = f"/cases/{reference}/notices/{paper.pk}/"
    assert f'href="{address}"' in page(client, f"/cases/{reference}/"), f"{kind} is not on the case's page"
    return told(page(client, address))


# --- what the database and the pages hold ----------------------------------------------------------


def case_of(reference: str) -> Case:
    """The case as it is now."""
    with acting(SYSTEM, epoch=now_epoch()):
        return Case.objects.select_related("office").get(reference=reference)


def state_of(reference: str) -> str:
    return case_of(reference).state


def due(reference: str, limit: str, *, round_: int = 1) -> date | None:
    """The date of a limit, None while it stands still; fails when it never ran."""
    with acting(SYSTEM, epoch=now_epoch()):
        return Term.objects.get(case__reference=reference, limit=limit, round=round_).due_on


def terms_of(reference: str) -> set[str]:
    """The limits that have run so far; one without a number, in law or of the office's own, never runs."""
    with acting(SYSTEM, epoch=now_epoch()):
        return set(Term.objects.filter(case__reference=reference).values_list("limit", flat=True))


LATIN = re.compile(r"[A-Za-zÀ-ÿ]{3,}")
NO_CHINESE_FOR_IT = {"Apostille", "Cookie", "PDF", "UTC", "Rosa", "Chen", "jpg", "rosa", "example", "org"}
"""Latin words that may stand on a Chinese page of these tests."""


def english_in(html: str) -> set[str]:
    """Latin words of a Chinese page that nobody meant to be there; references and addresses do not count."""
    main = html.partition("<main")[2].partition(">")[2].partition("</main>")[0] or html
    text = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", main, flags=re.DOTALL)
    text = re.sub(r"<[^>]+>", " ", text)
    text = re.sub(r"\S+@\S+|\b[A-Z]{2}[-0-9A-Z]{6,}\b|&\w+;", " ", text)
    return set(LATIN.findall(text)) - NO_CHINESE_FOR_IT
