"""How often the model was right, learning from the decisions, and choosing which weights are in force."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from qiaoqiao.access.doors import needs
from qiaoqiao.access.models import Post
from qiaoqiao.access.rules import Permission
from qiaoqiao.parties import reviewing
from qiaoqiao.parties.actions import training
from qiaoqiao.parties.actions.merging import NotYours
from qiaoqiao.parties.models import Training
from qiaoqiao.ui.pictures import PATTERNS
from qiaoqiao.workbench import reviewpage
from qiaoqiao.workbench.desk import actor_of
from qiaoqiao.workbench.frame import show
from qiaoqiao.workbench.person import posts_here

PAGE = "/staff/people/review/weights/"


@needs(Permission.LINK)
@require_http_methods(["GET", "HEAD", "POST"])
def weights(request: HttpRequest) -> HttpResponse:
    """The measure by band and weight, and the sets of weights."""
    trouble = ""
    if request.method == "POST":
        trouble = done(request)
        if not trouble:
            return HttpResponseRedirect(PAGE)
    return weights_page(request, posts_here(request), trouble)


def done(request: HttpRequest) -> str:
    """Learn, or put weights in force; what went wrong in words, or nothing."""
    actor, at = actor_of(request), timezone.now()
    chosen = request.POST.get("use")
    try:
        if chosen is None:
            training.train(offices(request), actor=actor, at=at)
            messages.success(request, _("算好了一组新权重，还没有启用。请比较以后再决定。"))
        else:
            training.use(int(chosen) if chosen.isdecimal() else None, actor=actor, at=at)
            messages.success(request, _("已启用这组权重，以后的比较都用它。"))
    except training.TooFew as few:
        return _("现在有 %(have)d 个判断，至少要 %(least)d 个才能学。") % {
            "have": few.have,
            "least": few.least,
        }
    except NotYours:
        return _("只有负责人可以启用权重。")
    except Training.DoesNotExist:
        return _("这组权重已经不在了。")
    return ""


def offices(request: HttpRequest) -> list[int]:
    return [one.pk for one in reviewing.offices_reviewed(actor_of(request), on=timezone.localdate())]


def weights_page(request: HttpRequest, posts: list[Post], trouble: str) -> HttpResponse:
    mine = offices(request)
    by_band = reviewing.measured_by_band(mine)
    sets = reviewing.trainings()
    decided = sum(one.all for one in by_band.values())
    return show(
        request,
        "workbench/review/weights.html",
        patterns=PATTERNS,
        status=409 if trouble else 200,
        by_band=reviewpage.measure_rows(by_band),
        by_weight=reviewpage.weight_rows(reviewing.measured_by_weight(mine)),
        sets=[(one, one.settings.get("agreement", {})) for one in sets],
        shipped=not any(one.current for one in sets),
        head=any(post.role == "head" for post in posts),
        decided=decided,
        least=training.LEAST,
        trouble=trouble,
    )
