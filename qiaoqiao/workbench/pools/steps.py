"""Each step of a member: one form, one action; what the law refuses stands beside its field."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from qiaoqiao.access.doors import needs
from qiaoqiao.access.rules import Permission
from qiaoqiao.access.tickets import Actor
from qiaoqiao.casework.actions.once import Answer, KeyReused, once
from qiaoqiao.casework.models import Case
from qiaoqiao.casework.queries import visible_case
from qiaoqiao.clock.rules import SHANGHAI
from qiaoqiao.community.pools import wording
from qiaoqiao.community.pools.actions import keeping, nominating, terms
from qiaoqiao.community.pools.models import Engagement, OtherPost, PoolMember
from qiaoqiao.community.pools.rules import MoveRefused, PoolRefused
from qiaoqiao.lib.ids import tidy_reference
from qiaoqiao.ui.language import language_of
from qiaoqiao.workbench.desk import actor_of, asked_once, new_token
from qiaoqiao.workbench.frame import show
from qiaoqiao.workbench.pools.forms import DONE, STEP_FORMS, StepForm
from qiaoqiao.workbench.pools.member import member_of, steps_open

ADDING = ("qualification", "training", "post", "engagement")
Does = Callable[[StepForm, PoolMember, Actor, datetime], object]


def with_reason(action: Callable[..., object]) -> Does:
    return lambda form, member, actor, at: action(member.pk, reason=form.said("reason"), actor=actor, at=at)


def review(form: StepForm, member: PoolMember, actor: Actor, at: datetime) -> object:
    return nominating.review(member.pk, note=form.said("note"), actor=actor, at=at)


def publish(form: StepForm, member: PoolMember, actor: Actor, at: datetime) -> object:
    given = form.cleaned_data
    return nominating.publish(
        member.pk, from_on=given["from_on"], until_on=given["until_on"], actor=actor, at=at
    )


def appoint(form: Any, member: PoolMember, actor: Actor, at: datetime) -> object:
    given = form.cleaned_data
    made = nominating.Appointment(
        by=form.office(),
        starts_on=given["starts_on"],
        decision=form.said("decision"),
        announced_on=given.get("announced_on"),
        announced_until=given.get("announced_until"),
        anew=bool(given.get("anew")),
    )
    return nominating.appoint(member.pk, made, actor=actor, at=at)


def renew(form: Any, member: PoolMember, actor: Actor, at: datetime) -> object:
    given = form.cleaned_data
    return terms.renew(
        member.pk,
        by=form.office(),
        starts_on=given["starts_on"],
        decision=form.said("decision"),
        anew=bool(given.get("anew")),
        actor=actor,
        at=at,
    )


def qualify(form: StepForm, member: PoolMember, actor: Actor, at: datetime) -> object:
    given = {**form.cleaned_data, "years": form.cleaned_data["years"] or 0}
    return keeping.qualify(member.pk, **given, actor=actor, at=at)


def train(form: StepForm, member: PoolMember, actor: Actor, at: datetime) -> object:
    return keeping.train(member.pk, **form.cleaned_data, actor=actor, at=at)


def add_post(form: StepForm, member: PoolMember, actor: Actor, at: datetime) -> object:
    return keeping.add_post(member.pk, **form.cleaned_data, actor=actor, at=at)


def engage(form: StepForm, member: PoolMember, actor: Actor, at: datetime) -> object:
    today = at.astimezone(SHANGHAI).date()
    reference = form.said("reference")
    case = visible_case(tidy_reference(reference) or reference[:16], actor, on=today) if reference else None
    given = {"role": form.said("role"), "case": case, "matter": "" if case else form.said("matter")}
    return keeping.engage(member.pk, since=today, **given, actor=actor, at=at)  # type: ignore[arg-type]


DOES: Mapping[str, Does] = {
    "review": review,
    "publish": publish,
    "appoint": appoint,
    "refuse": with_reason(nominating.refuse),
    "renew": renew,
    "suspend": with_reason(terms.suspend),
    "resume": with_reason(terms.resume),
    "remove": with_reason(terms.remove),
    "resign": with_reason(terms.resign),
    "nominate": with_reason(nominating.nominate_again),
    "qualification": qualify,
    "training": train,
    "post": add_post,
    "engagement": engage,
}


@needs(Permission.ORGANISE)
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, member_id: UUID, step_id: str) -> HttpResponse:
    """The step's form; sent, it is done once."""
    member = member_of(request, member_id)
    if step_id not in STEP_FORMS:
        raise Http404
    form = STEP_FORMS[step_id](
        request.POST if request.method == "POST" else None,
        member=member,
        language=language_of(request),
        today=timezone.localdate(),
    )
    if request.method == "POST" and form.is_valid() and done(request, step_id, form, member):
        messages.success(request, str(DONE.get(step_id) or _("已保存。")))
        return redirect("staff_pool_member", member.pk)
    closed = step_id not in [*steps_open(member), *ADDING]
    if closed and request.method != "POST":
        messages.warning(request, _("现在不能办这一步，请看最新情况。"))
        return redirect("staff_pool_member", member.pk)
    return show(
        request,
        "workbench/pools/step.html",
        member=member,
        kind=wording.said(wording.KINDS, member.kind),
        state=wording.said(wording.STATES, member.state),
        step=wording.said(wording.STEPS, step_id),
        step_id=step_id,
        warn=step_id in {"remove", "resign", "refuse"},
        form=form,
        token=new_token(),
        status=422 if form.is_bound else 200,
    )


def done(request: HttpRequest, step_id: str, form: StepForm, member: PoolMember) -> bool:
    """Do the step once; False when it was refused, and the form says why."""
    at = timezone.now()

    def perform() -> Answer:
        DOES[step_id](form, member, actor_of(request), at)
        return {"member": str(member.pk)}

    try:
        once(asked_once(request, f"pool:{step_id}:{member.pk}"), perform, at=at)
    except PoolRefused as refused:
        for one in refused.unmet:
            form.add_error(one.field if one.field in form.fields else None, wording.refusal(one))
    except MoveRefused as refused:
        form.add_error(None, wording.stands_wrong(refused.current))
    except keeping.TrainedAlready:
        form.add_error("title", _("这一天的这个培训已经登记过。"))
    except Case.DoesNotExist:
        form.add_error("reference", _("找不到这个编号的案件，或者您不能看。"))
    except KeyReused:
        form.add_error(None, _("这一页已经提交过。请核对后再按一次。"))
    return not form.errors


@needs(Permission.ORGANISE)
@require_POST
def end_engagement(request: HttpRequest, engagement_id: UUID) -> HttpResponse:
    """A matter is done."""
    try:
        row = keeping.end_engagement(engagement_id, actor=actor_of(request), at=timezone.now())
    except Engagement.DoesNotExist:
        raise Http404 from None
    messages.success(request, _("已登记办完。"))
    return redirect("staff_pool_member", row.member_id)


@needs(Permission.ORGANISE)
@require_POST
def end_post(request: HttpRequest, other_post_id: UUID) -> HttpResponse:
    """They are no longer that."""
    try:
        row = keeping.end_post(other_post_id, actor=actor_of(request), at=timezone.now())
    except (OtherPost.DoesNotExist, PoolMember.DoesNotExist):
        raise Http404 from None
    messages.success(request, _("已保存。"))
    return redirect("staff_pool_member", row.member_id)
