"""The last page of a filing: everything once more, what is still wrong, consent, and sending it once."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from qiaoqiao.access.doors import proved
from qiaoqiao.access.tickets import acting
from qiaoqiao.casework.actions.drafts import file_draft
from qiaoqiao.casework.actions.intake import Filing
from qiaoqiao.casework.routing import NoOffice
from qiaoqiao.catalogue.composing import composed
from qiaoqiao.catalogue.entry import words
from qiaoqiao.catalogue.forms import FormRefused
from qiaoqiao.portal import answers, sending
from qiaoqiao.portal.drafts import Held
from qiaoqiao.portal.journey import BACK_TO_REVIEW, address, frame, title
from qiaoqiao.portal.promising import Offer, promises_offered
from qiaoqiao.portal.steps import (
    APPLICANT,
    HELPER,
    PAPERS,
    REVIEW,
    Step,
    answers_of,
    asks_sensitive,
    filing_of,
    missing_papers,
    step_of_fault,
    steps_of,
)
from qiaoqiao.services.life_events.actions import join
from qiaoqiao.ui.entryforms import JudgedForm
from qiaoqiao.ui.faults import fault_words
from qiaoqiao.ui.language import language_of


@dataclass(frozen=True)
class Group:
    """The answers of one page, with the way back to it."""

    title: str
    href: str
    rows: list[tuple[str, str]]


def statements() -> list[str]:
    """What the person is told their data is for, in their language."""
    return [
        _("只用来办这件事：核对身份、审查条件、联系您、送达结果。"),
        _("只有办这件事的单位看得到；谁看过，您随时可以查。"),
        _("依法保存；您可以要求查看、复制、更正，也可以撤回。"),
    ]


def given_consent(form: "ConsentForm", language: str) -> dict[str, str | bool]:
    """What was agreed to, to be kept with the filing: language, digest of the wording, sensitive data or not."""
    wording = "\n".join([*statements(), *(str(field.label) for field in form.fields.values())])
    return {
        "language": language,
        "wording_sha256": hashlib.sha256(wording.encode()).hexdigest(),
        "sensitive": "consent_sensitive" in form.fields,
    }


class ConsentForm(JudgedForm):
    """What the person agrees to before sending."""

    def __init__(
        self,
        given: dict[str, object],
        *,
        sensitive: bool,
        offers: Sequence[Offer] = (),
        faults: dict[str, str] | None = None,
    ) -> None:
        super().__init__(given, faults)
        for offer in offers:
            self.fields[offer.field] = forms.BooleanField(
                label=offer.label, help_text=offer.otherwise, required=False
            )
        self.fields["consent"] = forms.BooleanField(label=_("我看过并同意上面的说明，内容属实"))
        if sensitive:
            self.fields["consent_sensitive"] = forms.BooleanField(
                label=_("我单独同意：为办理这件事，使用我填写的敏感信息（证件号码、亲属、生活来源等）")
            )

    def missing(self) -> dict[str, str]:
        """The boxes not ticked."""
        said = {
            "consent": _("请先看说明，再勾选同意。"),
            "consent_sensitive": _("敏感信息需要您单独勾选同意。不同意的话，请回到前面删去这些内容。"),
        }
        return {name: said[name] for name in self.fields if name in said and not self.data.get(name)}


def page(request: HttpRequest, held: Held, step: Step, at: datetime) -> HttpResponse:
    """Show everything once more; send it when it is right and agreed to."""
    filing = filing_of(held.entry, held.draft)
    problems = _problems(request, held, filing)
    sensitive = asks_sensitive(held.entry, held.draft)
    offers = [] if problems else promises_offered(held, filing, language_of(request))
    asked = ("consent", "consent_sensitive", *(offer.field for offer in offers))
    given: dict[str, object] = {name: request.POST.get(name, "") for name in asked}
    form = ConsentForm(given, sensitive=sensitive, offers=offers)
    status = 200
    if request.method == "POST" and not problems:
        form = ConsentForm(given, sensitive=sensitive, offers=offers, faults=form.missing())
        status = 422
        if not form.faults:
            if not sending.may_file(request, filing, at):
                context = frame(held, step, language_of(request)) | {"most": sending.MOST_FILINGS}
                return render(request, "portal/too_often.html", context, status=429)
            try:
                agreed = given_consent(form, language_of(request))
                promised = tuple(offer.paper for offer in offers if given[offer.field])
                return _send(request, held, replace(filing, consent=agreed, promised=promised), at)
            except FormRefused as refused:
                problems = _in_words(request, held, refused)
            except NoOffice:
                problems = [_no_office(held)]
    context = frame(held, step, language_of(request)) | {
        "groups": list(_groups(request, held)),
        "form": form,
        "statements": statements(),
        "problems": problems,
        "missing": [words(one.name, language_of(request)) for one in missing_papers(held.entry, held.draft)],
        "papers_href": address(held.entry.id, held.draft.pk, PAPERS) + f"?{BACK_TO_REVIEW}=1",
    }
    return render(
        request,
        "portal/review.html",
        context,
        status=422 if problems and request.method == "POST" else status,
    )


def _problems(request: HttpRequest, held: Held, filing: Filing) -> list[tuple[str, str]]:
    unfinished = [
        (_href(held, APPLICANT, name), fault_words("missing", label))
        for name, label in (("filing_for", _("您为谁办？")), ("country", _("现在住在哪个国家或地区")))
        if not answers_of(held.draft, APPLICANT).get(name)
    ]
    if filing.helper and not filing.evidence:
        unfinished.append(
            (_href(held, HELPER, "evidence"), fault_words("missing", _("他（她）怎样同意由您代办")))
        )
    try:
        sending.check(held, filing)
    except FormRefused as refused:
        return unfinished + _in_words(request, held, refused)
    return unfinished


def _in_words(request: HttpRequest, held: Held, refused: FormRefused) -> list[tuple[str, str]]:
    """Each fault as a sentence with the way to its question."""
    found = []
    for name, fault in refused.faults.items():
        step_id, field = step_of_fault(held.entry, name)
        label, most, least = answers.question(held.entry, step_id, field, language_of(request))
        found.append(
            (_href(held, step_id, field), fault_words(fault, label, field=field, most=most, least=least))
        )
    return found


def _href(held: Held, step_id: str, field: str) -> str:
    return f"{address(held.entry.id, held.draft.pk, step_id)}?{BACK_TO_REVIEW}=1#id_{field}"


def _no_office(held: Held) -> tuple[str, str]:
    place = held.entry.seats["lead"].place
    step_id, field = step_of_fault(held.entry, f"facts.{place}")
    return _href(held, step_id, field), _(
        "您选的地方还没有能办这件事的单位在网上收件。请换一个地方，或看看“身边的窗口”。"
    )


def _groups(request: HttpRequest, held: Held) -> Iterator[Group]:
    language = language_of(request)
    written = answers.Writer(held, language)
    for step in steps_of(held.entry, held.draft):
        if step.id != REVIEW:
            href = f"{address(held.entry.id, held.draft.pk, step.id)}?{BACK_TO_REVIEW}=1"
            yield Group(title(step, language), href, written.rows(step))


def _send(request: HttpRequest, held: Held, filing: Filing, at: datetime) -> HttpResponse:
    if composed(held.entry.id):
        return sending.start_journey(request, held, filing, at)
    epoch = int(at.timestamp())
    earlier = proved(request, epoch=epoch) if filing.known else ()
    joined = partial(join, actor=held.actor, at=at) if filing.known else None
    with acting(sending.reaching(held.actor, filing.case_id, *earlier), epoch=epoch):
        case_id = file_draft(held.draft.pk, filing, actor=held.actor, at=at, then=joined)
    return sending.to_receipt(request, held, case_id, at)
