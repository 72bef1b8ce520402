"""Refusals of the rooms below, turned into problems that a caller can act on."""

from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja.errors import AuthenticationError, HttpError, ValidationError

from qiaoqiao.api.service import api, problem
from qiaoqiao.casework.actions.moving import ExtensionTooLong
from qiaoqiao.casework.actions.once import KeyReused
from qiaoqiao.casework.actions.papers import CaseDone, VerdictUnknown
from qiaoqiao.casework.actions.proving import CodeExpired, CodeWrong
from qiaoqiao.casework.actions.seating import ReasonMissing, ShieldedOffice
from qiaoqiao.casework.actions.talking import MessageRefused, NotOver, RatingUnknown
from qiaoqiao.casework.queues import MarkUnreadable
from qiaoqiao.casework.routing import NoOffice, NotThisOffice
from qiaoqiao.casework.rules import AnswerMissing, MoveRefused
from qiaoqiao.catalogue.forms import FormRefused
from qiaoqiao.catalogue.loader import NoSuchEntry
from qiaoqiao.gateways.uploads import UploadRefused
from qiaoqiao.parties.actions.importing import MappingWrong
from qiaoqiao.parties.importing.reading import RollRefused
from qiaoqiao.parties.importing.wording import MAPPING_FAULTS, refusal_words
from qiaoqiao.ui.faults import fault_words, upload_words


class TooManyTries(Exception):
    """The same thing was asked for too often; `seconds` until it may be asked again."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds


def named(faults: dict[str, str]) -> list[dict[str, str]]:
    return [
        {
            "field": field,
            "code": str(fault),
            "message": fault_words(str(fault), field, field=field.split(".")[-1]),
        }
        for field, fault in faults.items()
    ]


@api.exception_handler(FormRefused)
@api.exception_handler(AnswerMissing)
def form_refused(request: HttpRequest, why: FormRefused | AnswerMissing) -> HttpResponse:
    return problem(request, 422, "form", _("有些内容需要修改，什么都没有丢。"), errors=named(why.faults))


@api.exception_handler(ValidationError)
def malformed(request: HttpRequest, why: ValidationError) -> HttpResponse:
    errors = [
        {
            "field": ".".join(str(part) for part in one["loc"]),
            "code": one["type"],
            "message": _("这一项的格式不对。"),
        }
        for one in why.errors
    ]
    return problem(request, 422, "malformed", _("请求的格式不对。"), errors=errors)


@api.exception_handler(UploadRefused)
def upload_refused(request: HttpRequest, why: UploadRefused) -> HttpResponse:
    return problem(request, 422, f"file-{why.code}", upload_words(why))


@api.exception_handler(RollRefused)
def roll_refused(request: HttpRequest, why: RollRefused) -> HttpResponse:
    return problem(request, 422, f"roll-{why.code.replace('_', '-')}", refusal_words(why))


@api.exception_handler(MappingWrong)
def mapping_wrong(request: HttpRequest, why: MappingWrong) -> HttpResponse:
    errors = [
        {"field": field, "code": fault, "message": str(MAPPING_FAULTS[fault])}
        for field, fault in why.faults.items()
    ]
    return problem(request, 422, "columns", _("栏目对应有问题。"), errors=errors)


@api.exception_handler(AuthenticationError)
def not_authenticated(request: HttpRequest, why: AuthenticationError) -> HttpResponse:
    return problem(request, 401, "no-token", _("请带上有效的令牌。"))


@api.exception_handler(ObjectDoesNotExist)
@api.exception_handler(NoSuchEntry)
@api.exception_handler(KeyError)
def not_there(request: HttpRequest, why: Exception) -> HttpResponse:
    return problem(request, 404, "not-found", _("没有找到，或者不在您可以查看的范围内。"))


@api.exception_handler(MoveRefused)
def move_refused(request: HttpRequest, why: MoveRefused) -> HttpResponse:
    title = _("这一步现在不能做：办件的状态已经变了，或者轮不到您这个席位。请重新读取。")
    return problem(request, 409, "move", title, state=why.state, why=str(why.why))


@api.exception_handler(KeyReused)
def key_reused(request: HttpRequest, why: KeyReused) -> HttpResponse:
    return problem(request, 422, "key-reused", _("同一个幂等键用在了不同的请求上。"))


@api.exception_handler(TooManyTries)
def too_many_tries(request: HttpRequest, why: TooManyTries) -> HttpResponse:
    response = problem(request, 429, "too-many", _("试得太频繁了，请稍后再试。"))
    response["Retry-After"] = str(why.seconds)
    return response


@api.exception_handler(HttpError)
def refused(request: HttpRequest, why: HttpError) -> HttpResponse:
    return problem(request, why.status_code, "refused", str(why))


PLAIN = {
    NoOffice: (
        422,
        "no-office",
        gettext_noop("这个地方目前没有受理这件事的单位。请换上一级地方，或联系最近的侨联。"),
    ),
    NotThisOffice: (422, "office", gettext_noop("这个单位不能接这个席位。")),
    ShieldedOffice: (422, "office", gettext_noop("这个单位不能接这个席位。")),
    ExtensionTooLong: (422, "extension", gettext_noop("超过了法律允许延长的天数。")),
    ReasonMissing: (422, "reason", gettext_noop("退回时必须说明理由。")),
    CaseDone: (409, "over", gettext_noop("这件事已经办结，不能再添加。")),
    VerdictUnknown: (422, "verdict", gettext_noop("只能选“符合”或“不符合”。")),
    CodeWrong: (422, "code-wrong", gettext_noop("验证码不对，或者已经用过。请核对，或重新获取一个。")),
    CodeExpired: (422, "code-expired", gettext_noop("验证码已过期。请重新获取一个。")),
    MessageRefused: (422, "message", gettext_noop("留言不能为空，也不能超过 5000 字。")),
    NotOver: (409, "not-over", gettext_noop("还没有办结，暂时不能评价。")),
    MarkUnreadable: (422, "after", gettext_noop("翻页的位置读不懂，请从头开始。")),
    RatingUnknown: (422, "rating", gettext_noop("请打 1 到 5 分。")),
}


def plain(request: HttpRequest, why: Exception | type[Exception]) -> HttpResponse:
    """Answer a refusal that needs no more than its sentence."""
    status, kind, title = PLAIN[why if isinstance(why, type) else type(why)]
    return problem(request, status, kind, _(title))


def say_plainly() -> None:
    """Let the API answer these refusals; those with more to say have handlers above."""
    for refusal in PLAIN:
        api.add_exception_handler(refusal, plain)
