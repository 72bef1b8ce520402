"""The person's own case: where it is, who has it, by when they must answer, what is wanted, what happened."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from qiaoqiao.access.doors import needs
from qiaoqiao.access.rules import Permission
from qiaoqiao.casework.actions.clocks import reckon_case
from qiaoqiao.casework.actions.grounds import ended_on
from qiaoqiao.casework.models import Message
from qiaoqiao.casework.rules import Run, pauses
from qiaoqiao.casework.sentences import UNITS, Teller, tell
from qiaoqiao.catalogue.entry import words
from qiaoqiao.clock.rules import SHANGHAI
from qiaoqiao.portal import progress, wanting
from qiaoqiao.portal.alliance import of_case
from qiaoqiao.portal.applicant import RELATION_WORDS
from qiaoqiao.portal.feedback import RATINGS
from qiaoqiao.portal.filedoor import file_of_case
from qiaoqiao.portal.journeys import belongs_to
from qiaoqiao.portal.limits import law, length_words, starts_words
from qiaoqiao.portal.ownership import Mine, form_token, own_case
from qiaoqiao.ui.language import HTML_LANG
from qiaoqiao.ui.places import name_of

STAGE_TAGS = {"received": "active", "working": "active", "waiting": "waiting", "done": "plain"}
LAST_MESSAGES = 2
GREEN = {"abroad": lambda: _("您在境外"), "aged": lambda: _("您年事已高")}
"""Why a case goes through the green channel, told to its owner."""


@needs(Permission.OWN_CASE)
@own_case
@require_GET
def page(request: HttpRequest, mine: Mine) -> HttpResponse:
    """Everything about one case on one page."""
    state = mine.entry.states[mine.case.state]
    theirs, own = progress.dues(mine)
    steps = wanting.open_steps(mine)
    asked = wanting.asking(mine)
    context = mine.frame() | {
        "state": words(state.name, mine.language),
        "plain": words(state.plain, mine.language),
        "stage": state.stage,
        "stage_tag": STAGE_TAGS[state.stage],
        "dues": theirs,
        "own_dues": own,
        "onward": [one for one in steps if not one.ends],
        "ending": [one for one in steps if one.ends],
        "asked": asked,
        "unfit": wanting.unfit(mine) if asked is None and mine.case.stage != "done" else [],
        "failings": progress.failings(mine),
        "outcome": progress.outcome(mine),
        "green": [GREEN[one]() for one in mine.file.green()],
        "look": progress.looked_at_again(mine),
        "timeline": _timeline(mine),
        "referrals": of_case(mine),
        "ratings": RATINGS,
        "token": form_token(request),
        "has_file": mine.case.person.file_id is not None,
        "opens_file": file_of_case(mine) is not None,
        "journey": belongs_to(mine.case.pk, mine.language),
    }
    return render(request, "portal/track/case.html", context | _people(mine) | _belongings(mine))


def _people(mine: Mine) -> dict[str, object]:
    mandate = mine.case.mandate
    relation = RELATION_WORDS.get(mandate.relation, mandate.relation) if mandate else ""
    return {
        "office": mine.case.office,
        "office_name": name_of(mine.case.office.names, mine.language),
        "others": progress.also_at_it(mine.file, mine.language),
        "helper": mandate.agent.name if mandate else "",
        "relation": relation,
    }


def _belongings(mine: Mine) -> dict[str, object]:
    said = messages_of(mine)
    return {
        "notices": [(one, mine.file.title(one, mine.language)) for one in progress.notices(mine.file)],
        "papers": [
            (one, mine.file.title(one, mine.language)) for one in reversed(wanting.own_papers(mine.file))
        ],
        "messages_last": said[-LAST_MESSAGES:],
        "messages_more": max(0, len(said) - LAST_MESSAGES),
    }


def messages_of(mine: Mine) -> list[dict[str, object]]:
    """The words between the person and the offices, oldest first; what offices say among themselves is not theirs."""
    return [_message(mine, one) for one in mine.file.messages if not one.internal]


def _message(mine: Mine, one: Message) -> dict[str, object]:
    office = mine.file.offices.get(one.office_id or 0)
    return {
        "by": name_of(office.names, mine.language) if office else mine.case.person.name,
        "at": one.sent_at,
        "text": one.body,
        "mine": office is None,
        "lang": HTML_LANG.get(one.language, ""),
    }


def _timeline(mine: Mine) -> list[object]:
    teller = Teller(mine.entry, mine.language, mine.file.known(mine.language), audience="person")
    return list(tell(mine.file.steps, teller))


# --- how a date was reached ------------------------------------------------------------------------


@needs(Permission.OWN_CASE)
@own_case
@require_GET
def dates(request: HttpRequest, mine: Mine, limit: str, round_: int) -> HttpResponse:
    """Show day by day how a date of this case was reached."""
    run = _run(mine, limit, round_)
    if run is None:
        raise Http404
    context = mine.frame() | {
        "run": run,
        "name": words(run.limit.name, mine.language),
        "obliges": words(run.limit.obliges, mine.language),
        "law": law(mine.entry, run.limit.law),
        "starts": starts_words(mine.entry, run.limit, mine.language),
        "length": length_words(_amount(run), run.limit.unit),
        "extension": UNITS[run.limit.unit](run.extension) if run.extension else "",
        "pauses": _pauses(mine, run),
        "who": progress.office_of_seat(mine.file, run.limit.binds, mine.language),
        "last_moment": run.reckoning.due_at - progress.A_MINUTE if run.reckoning.due_at else None,
    }
    return render(request, "portal/track/dates.html", context)


def _run(mine: Mine, limit: str, round_: int) -> Run | None:
    case = mine.case
    found = reckon_case(case, mine.entry, mine.file.events, closed_on=ended_on(case))
    return next((run for run in found if run.limit.id == limit and run.round == round_), None)


def _amount(run: Run) -> int:
    """The limit's own length: what the law or the office set, without what it was extended by."""
    counted = sum(1 for day in run.reckoning.days if day.ordinal is not None)
    return run.limit.amount or counted - run.extension


def _pauses(mine: Mine, run: Run) -> list[object]:
    """When the limit stood still: first day, last day (None while it does)."""
    span = [event for event in mine.file.events if event.at.astimezone(SHANGHAI).date() >= run.starts_on]
    return list(pauses(run.limit.pauses, span))
