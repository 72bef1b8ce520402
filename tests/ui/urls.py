"""Pages only the tests see: every component once, in both layouts."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path
from django.utils.translation import gettext_lazy as _

from qiaoqiao.clock.calendar import official
from qiaoqiao.clock.rules import Pause, Term, Unit, reckon
from qiaoqiao.ui import errors
from qiaoqiao.ui.forms import DateField

HERE = Path(__file__).parent
AT = datetime(2026, 12, 3, 10, 0, tzinfo=UTC)


class Sample(forms.Form):
    """One field of every kind."""

    name = forms.CharField(label="姓名", help_text="与护照上的写法一致。", max_length=50)
    born_on = DateField(label="出生日期", help_text="例如 1985 年 3 月 27 日")
    country = forms.ChoiceField(
        label="现在住在哪里", choices=[("", "请选择"), ("VE", "委内瑞拉"), ("CA", "加拿大")]
    )
    channel = forms.ChoiceField(
        label="怎样联系您", widget=forms.RadioSelect, choices=[("mail", "电子邮件"), ("phone", "电话")]
    )
    papers = forms.MultipleChoiceField(
        label="您手上有哪些证件",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        choices=[("passport", "护照"), ("permit", "居留证件")],
    )
    words = forms.CharField(label="补充说明", widget=forms.Textarea, required=False)
    paper = forms.FileField(label="护照照片页", help_text="JPG、PNG 或 PDF，不超过 10 MB。", required=False)
    agree = forms.BooleanField(label="以上内容是我本人填写的")


def gallery(request: HttpRequest, layout: str) -> HttpResponse:
    broken = {"name": "陈小明", "born_on_year": "1985", "born_on_month": "13", "born_on_day": "1"}
    form = Sample(broken) if "broken" in request.GET else Sample()
    reckoning = reckon(
        Term(20, Unit.WORKING_DAY),
        date(2026, 2, 10),
        calendar=official(),
        pauses=[Pause(date(2026, 3, 3), date(2026, 3, 6))],
    )
    return show(
        request, "gallery.html", layout=f"ui/{layout}.html", form=form, reckoning=reckoning, **pieces()
    )


def pieces() -> dict[str, Any]:
    return {
        "at": AT,
        "soon_on": date(2026, 12, 3),
        "size": 1_468_006,
        "tabs": [
            {"text": "全部", "href": "?all", "count": 23, "current": True},
            {"text": "快到期", "href": "?soon", "count": 4},
            {"text": "等当事人", "href": "?waiting", "count": 9},
        ],
        "steps": [
            {"title": "提交申请", "who": "您", "text": "网上或到窗口，只交一次", "state": "done"},
            {
                "title": "初步审查",
                "who": "蓬江区侨务局",
                "text": "5 个工作日内一次告知还差什么",
                "state": "now",
            },
            {"title": "征求公安机关意见", "who": "江门市公安局"},
            {"title": "作出决定", "who": "江门市侨务局", "text": "发给《华侨回国定居证》"},
        ],
        "events": [
            {
                "title": "身份核验通过",
                "by": "蓬江区侨联",
                "at": AT,
                "text": "护照机读码校验通过，经人工复核确认。",
            },
            {
                "title": "申请已受理",
                "by": "系统",
                "at": AT,
                "text": "材料齐全，发出受理通知书。",
                "url": "/paper/",
            },
        ],
        "messages_shown": [
            {"by": "蓬江区侨联", "at": AT, "text": "请补充居留证件的背面。"},
            {
                "by": "您",
                "at": AT,
                "text": "已经上传，请查收。",
                "mine": True,
                "original": "Ya lo subí.",
                "lang": "",
            },
        ],
        "rows": [
            {
                "on": date(2026, 11, 18),
                "days": -3,
                "state": "overdue",
                "ref": "QQ26-7K3M-9P",
                "who": "陈小明",
                "tag": "华侨",
                "zone": "America/Caracas",
                "what": "华侨回国定居",
                "step": "征求公安意见",
                "shape": "active",
            },
            {
                "on": date(2026, 11, 25),
                "days": 2,
                "state": "soon",
                "ref": "QQ26-2F8T-4C",
                "who": "María Chen Rodríguez",
                "tag": "外籍华人",
                "zone": "America/Lima",
                "what": "侨联信访",
                "step": "等当事人补充",
                "shape": "waiting",
            },
            {
                "on": date(2026, 12, 21),
                "days": 20,
                "state": "open",
                "ref": "QQ26-9W5B-1X",
                "who": "禤喆堃",
                "tag": "归侨",
                "zone": "Asia/Shanghai",
                "what": "华侨子女义务教育",
                "step": "办理中",
                "shape": "active",
            },
            {
                "on": None,
                "days": None,
                "state": "paused",
                "ref": "QQ26-5D7H-6R",
                "who": "João Wong",
                "tag": "侨眷",
                "zone": "America/Sao_Paulo",
                "what": "华侨回国定居",
                "step": "暂停",
                "shape": "paused",
            },
        ],
    }


def show(request: HttpRequest, name: str, **context: Any) -> HttpResponse:
    page = engines["django"].from_string((HERE / name).read_text())
    return HttpResponse(page.render(context, request))


def home(request: HttpRequest) -> HttpResponse:
    return show(request, "home.html")


def queue(request: HttpRequest) -> HttpResponse:
    return show(request, "queue.html", **pieces())


def personal(request: HttpRequest) -> HttpResponse:
    request.personal = True
    return HttpResponse(_("您"))


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("as if the database were gone")


def refused(request: HttpRequest) -> HttpResponse:
    return errors.forbidden(request)


def old_form(request: HttpRequest) -> HttpResponse:
    return errors.form_expired(request)


def echo(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.POST.get("name", ""))


urlpatterns = [
    path("", home),
    path("gallery/queue/", queue),
    path("gallery/sent/", echo),
    path("gallery/<str:layout>/", gallery),
    path("personal/", personal),
    path("broken/", broken),
    path("refused/", refused),
    path("old-form/", old_form),
    path("staff/sign-out/", echo),
]
handler404 = "qiaoqiao.ui.errors.not_found"
handler403 = "qiaoqiao.ui.errors.forbidden"
handler500 = "qiaoqiao.ui.errors.fault"
