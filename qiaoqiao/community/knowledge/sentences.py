"""What happened to an answer, said in plain words: every kind of entry has one."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

SAID: Mapping[str, Promise | str] = {
    "answer.written": gettext_lazy("写了草稿"),
    "answer.changed": gettext_lazy("改了草稿"),
    "answer.published": gettext_lazy("公布了新版本"),
    "answer.confirmed": gettext_lazy("核对过，仍然正确"),
    "answer.retired": gettext_lazy("收回了"),
    "answer.handed": gettext_lazy("换了负责人"),
    "answer.cited": gettext_lazy("用来答复了一个案件"),
    "answer.due": gettext_lazy("到了核对的日子"),
    "answer.outdated": gettext_lazy("过了有效期，不再作为有效答复"),
}
