"""What the keeper of the installation sees: what is theirs to run, and that no case is."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from qiaoqiao.access.doors import needs
from qiaoqiao.access.rules import Permission
from qiaoqiao.workbench.frame import show

COMMANDS: Mapping[str, Any] = {
    "qiaoqiao offices": gettext_lazy("列出各单位，设定法律交给单位自己定的期限"),
    "qiaoqiao ledger verify": gettext_lazy("核对全部记录，看有没有被改动"),
    "qiaoqiao catalogue check": gettext_lazy("检查事项目录，出错时说出文件和行号"),
    "qiaoqiao gateways": gettext_lazy("看邮件、短信等对外通道是否接好"),
    "qiaoqiao api": gettext_lazy("给对接的系统发放和收回令牌"),
}
"""What is run on the server, and what each is for."""


@needs(Permission.KEEP)
@require_GET
def keeping(request: HttpRequest) -> HttpResponse:
    """The keeper's first page."""
    return show(request, "workbench/keeping.html", commands=COMMANDS)
