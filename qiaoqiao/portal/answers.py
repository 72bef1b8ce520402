"""Answers as people read them: the option's words, the country's name, the date written out."""

from collections.abc import Mapping
from datetime import date

from django.utils.translation import gettext as _

from qiaoqiao.catalogue.entry import Entry, FormField, holds, words
from qiaoqiao.lib.countries import name as country_name
from qiaoqiao.portal.applicant import (
    EVIDENCE,
    PAPER_WORDS,
    RELATION_WORDS,
    representatives_of,
)
from qiaoqiao.portal.drafts import Held
from qiaoqiao.portal.steps import (
    APPLICANT,
    HELPER,
    PAPERS,
    REPRESENTATIVES,
    Step,
    answers_of,
    facts_of,
    field_named,
    materials_of,
)
from qiaoqiao.ui.moments import day_words
from qiaoqiao.ui.places import Atlas, atlas
from qiaoqiao.ui.zones import zone_words

LANGUAGE_NAMES = {
    "zh-hans": "简体中文",
    "zh-hant": "繁體中文",
    "en": "English",
    "es": "Español",
    "pt": "Português",
}


def fact_words(asked: FormField, value: object, language: str, known: Atlas) -> str:
    """One answer of the form in the reader's language; what cannot be read is shown as typed."""
    match asked.type:
        case "choice" | "choices":
            chosen = value if isinstance(value, list) else [value]
            comma = "、" if language.startswith("zh") else "; "
            return comma.join(
                words(option.label, language) for option in asked.options if option.id in chosen
            )
        case "yesno":
            return _("是") if value is True else _("否")
        case "date":
            return _date_words(str(value))
        case "country":
            return country_name(str(value), language)
        case "place":
            return known.place_name(str(value), language)
        case "office":
            return known.office_name(str(value), language)
        case _:
            return str(value)


def _date_words(text: str) -> str:
    try:
        return day_words(date.fromisoformat(text), weekday=False)
    except ValueError:
        return text


class Writer:
    """Writes the pages of one draft out, reading places and offices at most once."""

    def __init__(self, held: Held, language: str) -> None:
        self.held, self.language = held, language
        self.facts = facts_of(held.entry, held.draft)
        asked = {one.type for one in held.entry.fields if one.id in self.facts}
        self.known = atlas(offices="office" in asked) if asked & {"place", "office"} else Atlas()

    def rows(self, step: Step) -> list[tuple[str, str]]:
        """Question and answer of each question on a page; unanswered ones that may stay so are left out."""
        if step.section:
            return [
                (words(one.label, self.language), self._fact(one))
                for one in step.section.fields
                if holds(one.when, self.facts) and (one.required or one.id in self.facts)
            ]
        given = answers_of(self.held.draft, step.id)
        if step.id == APPLICANT:
            return _applicant_rows(given, self.language)
        if step.id == HELPER:
            return _helper_rows(given)
        if step.id == PAPERS:
            return self._paper_rows()
        names = representatives_of(given)
        return [(_("第 %(n)d 位代表的姓名") % {"n": n}, name) for n, name in enumerate(names, 1)] or [
            (_("代表"), _("没有"))
        ]

    def _fact(self, one: FormField) -> str:
        if one.id not in self.facts:
            return _("还没有填")
        return fact_words(one, self.facts[one.id], self.language, self.known)

    def _paper_rows(self) -> list[tuple[str, str]]:
        by_kind: dict[str, list[str]] = {}
        for file in self.held.draft.files:
            by_kind.setdefault(file["kind"], []).append(file["file_name"])
        needed = materials_of(self.held.entry, self.facts)
        return [
            (
                words(one.name, self.language),
                ", ".join(by_kind[one.id]) if one.id in by_kind else _("还没有上传"),
            )
            for one in needed
            if one.required or one.id in by_kind
        ]


def _applicant_rows(given: Mapping[str, object], language: str) -> list[tuple[str, str]]:
    text = {name: str(value) for name, value in given.items()}
    number = text.get("identity_number", "")
    rows = [
        (
            _("您为谁办？"),
            {"self": _("我自己"), "other": _("别人，我帮忙填写")}.get(text.get("filing_for", ""), ""),
        ),
        (_("姓名"), text.get("name", "")),
        (_("护照上的拼音或外文姓名"), text.get("latin_name", "")),
        (_("现在住在哪个国家或地区"), country_name(text["country"], language) if "country" in text else ""),
        (_("时区"), zone_words(text["timezone"]) if "timezone" in text else ""),
        (_("希望我们用哪种语言给您写信"), LANGUAGE_NAMES.get(text.get("language", ""), "")),
        (_("电子邮件"), text.get("email", "")),
        (_("电话"), text.get("phone", "")),
        (_("用哪种证件证明身份"), str(PAPER_WORDS.get(text.get("identity_kind", ""), ""))),
        (_("证件号码"), number),
    ]
    return [(question, answer) for question, answer in rows if answer]


def _helper_rows(given: Mapping[str, object]) -> list[tuple[str, str]]:
    rows = [
        (_("您的姓名"), str(given.get("name", ""))),
        (_("您的电子邮件"), str(given.get("email", ""))),
        (_("您的电话"), str(given.get("phone", ""))),
        (_("您是他（她）的什么人"), str(RELATION_WORDS.get(str(given.get("relation", "")), ""))),
        (
            _("他（她）怎样同意由您代办"),
            _(EVIDENCE[str(given["evidence"])]) if given.get("evidence") in EVIDENCE else "",
        ),
    ]
    return [(question, answer) for question, answer in rows if answer]


def question(entry: Entry, step_id: str, field: str, language: str) -> tuple[str, int | None, int | None]:
    """How a question is worded, with its largest and smallest value, to say what is wrong with its answer."""
    asked = field_named(entry, field) if step_id not in {APPLICANT, HELPER, REPRESENTATIVES} else None
    if asked:
        return words(asked.label, language), asked.most, asked.least
    if step_id == REPRESENTATIVES:
        return _("共同提出的人"), entry.most_representatives, None
    labels = {
        "name": _("姓名"),
        "latin_name": _("护照上的拼音或外文姓名"),
        "country": _("现在住在哪个国家或地区"),
        "timezone": _("时区"),
        "language": _("希望我们用哪种语言给您写信"),
        "email": _("电子邮件"),
        "phone": _("电话"),
        "identity_kind": _("用哪种证件证明身份"),
        "identity_number": _("证件号码"),
        "relation": _("您是他（她）的什么人"),
    }
    return labels.get(field, field), None, None
