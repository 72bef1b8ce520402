"""Words with the office: reading what was said, and saying something, once."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from qiaoqiao.access.doors import needs
from qiaoqiao.access.rules import Permission
from qiaoqiao.casework.actions import talking
from qiaoqiao.casework.actions.once import KeyReused, once
from qiaoqiao.portal.mycase import messages_of
from qiaoqiao.portal.ownership import Mine, asked_once, form_token, own_case, see, typed_before
from qiaoqiao.ui.entryforms import JudgedForm, plain


class MessageForm(JudgedForm):
    """A few words to the office."""

    def __init__(self, typed: str, faults: dict[str, str] | None = None) -> None:
        super().__init__({"body": typed}, faults)
        self.fields["body"] = forms.CharField(
            label=_("写给办理单位"),
            help_text=_("可以用您自己的语言写，最多 5000 字。要补材料，请用“上传文件”。"),
            widget=forms.Textarea(),
        )


@needs(Permission.OWN_CASE)
@own_case
@require_http_methods(["GET", "POST"])
def messages(request: HttpRequest, mine: Mine) -> HttpResponse:
    """Read all messages; write one."""
    if request.method == "GET":
        return _page(request, mine, MessageForm(typed_before(request).get("body", "")))
    body = plain(request.POST.get("body", ""))

    def perform() -> dict[str, object]:
        said = talking.say(mine.case.pk, body, language=mine.language, actor=mine.actor, at=mine.at)
        return {"message": str(said.pk)}

    try:
        once(asked_once(request, mine, "message", body), perform, at=mine.at)
    except talking.MessageRefused as refused:
        return _page(request, mine, MessageForm(body, {"body": _fault_words(str(refused), body)}), status=422)
    except KeyReused:
        fault = _("这一页刚才已经发过一条留言。您新写的还在框里，请再点一次“发送”。")
        return _page(request, mine, MessageForm(body, {"body": fault}), status=409, fresh=True)
    return see(mine.address("portal_case_messages") + "#sent")


def _fault_words(fault: str, body: str) -> str:
    if fault == "missing":
        return _("请先写几句话，再点“发送”。")
    facts = {"most": talking.LONGEST_MESSAGE, "length": len(body)}
    return _("留言最多 %(most)d 字，您写了 %(length)d 字。请缩短一些，或分两次发；您写的都还在框里。") % facts


def _page(
    request: HttpRequest, mine: Mine, form: MessageForm, *, status: int = 200, fresh: bool = False
) -> HttpResponse:
    said = messages_of(mine)
    context = mine.frame() | {
        "form": form,
        "said": said,
        "sent": bool(said) and bool(said[-1]["mine"]),
        "token": form_token(request, fresh=fresh),
    }
    return render(request, "portal/track/messages.html", context, status=status)
