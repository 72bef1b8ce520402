"""Which texts the rooms show to people: read from their Python and templates, as gettext sees them."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation.template import templatize

HOUSE = Path(settings.BASE_DIR) / "qiaoqiao"
LOCALES = ("zh_Hant", "en", "es", "pt")
LANGUAGES = {code for code, _name in settings.LANGUAGES}
CHINESE = re.compile("[\u3000-\u303f\u3400-\u9fff\uff00-\uffef\U00020000-\U0003ffff]")
HAN = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]")

GETTEXT = {"gettext", "gettext_lazy", "gettext_noop"}
PLURAL = {"ngettext", "ngettext_lazy"}
IN_CONTEXT = {"pgettext", "pgettext_lazy"}
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
_HOLE = re.compile(r"%\(\w+\)[sd]|(?<!%)%[sd]|\{\w*\}")

Key = tuple[str | None, str]
"""The context, if there is one, and the Chinese text."""


@dataclass(frozen=True)
class Found:
    """A text, and where it stands."""

    where: str
    text: str
    plural: str = ""
    context: str | None = None

    @property
    def key(self) -> Key:
        return (self.context, self.text)


def rooms() -> list[Path]:
    """The rooms of the house that are Django apps, so that their words are found."""
    found = [app.removeprefix("qiaoqiao.") for app in settings.INSTALLED_APPS if app.startswith("qiaoqiao.")]
    return [HOUSE / name.replace(".", "/") for name in sorted(found)]


@cache
def used(room: Path) -> tuple[Found, ...]:
    """Every text that a room asks gettext for."""
    python = [text for file in sources(room) for text in _Reader(file).said]
    return (*python, *(text for file in templates(room) for text in _in_template(file)))


@cache
def bare(room: Path) -> tuple[Found, ...]:
    """Chinese that stands in a room's Python or templates without going through gettext."""
    python = [text for file in sources(room) for text in _Reader(file).bare]
    return (*python, *(text for file in templates(room) for text in _bare_in_template(file)))


@cache
def unread(room: Path) -> tuple[Found, ...]:
    """The gettext calls whose text is not written there: what they translate must be marked elsewhere."""
    return tuple(call for file in sources(room) for call in _Reader(file).unread)


@cache
def translated(room: Path, locale: str) -> Catalog:
    """What a room's own file says in one language; an empty catalogue if there is no file."""
    file = room / "locale" / locale / "LC_MESSAGES" / "django.po"
    if not file.exists():
        return Catalog(locale=locale)
    with file.open("rb") as words:
        return read_po(words, locale=locale, abort_invalid=True)


def holes(text: str) -> list[str]:
    """The placeholders of a text, each as often as it occurs."""
    return sorted(_HOLE.findall(text))


def sources(room: Path) -> list[Path]:
    return sorted(file for file in room.rglob("*.py") if "migrations" not in file.parts)


def templates(room: Path) -> list[Path]:
    return sorted(file for file in room.rglob("*") if "templates" in file.parts and file.suffix == ".html")


def _place(file: Path, line: int) -> str:
    return f"{file.relative_to(HOUSE)}:{line}"


class _Reader(ast.NodeVisitor):
    """Reads one Python file: what it gives to gettext, and what Chinese it holds besides."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.names: dict[str, str] = {}
        self.said: list[Found] = []
        self.bare: list[Found] = []
        self.unread: list[Found] = []
        self.visit(ast.parse(file.read_text()))

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        if node.module == "django.utils.translation":
            self.names |= {name.asname or name.name: name.name for name in node.names}

    def visit_Expr(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):  # else a docstring
            self.generic_visit(node)

    def visit_Dict(self, node: ast.Dict) -> None:
        keys = {key.value for key in node.keys if isinstance(key, ast.Constant)}
        if not keys >= LANGUAGES:  # else words given in every language
            self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        asked = self.names.get(node.func.id) if isinstance(node.func, ast.Name) else None
        if asked not in GETTEXT | PLURAL | IN_CONTEXT:
            self.generic_visit(node)
            return
        texts = [
            arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
        ]
        wanted = 1 if asked in GETTEXT else 2
        place = _place(self.file, node.lineno)
        if len(texts) < wanted:
            self.unread.append(Found(place, ast.unparse(node)))
        elif asked in PLURAL:
            self.said.append(Found(place, texts[0], plural=texts[1]))
        elif asked in IN_CONTEXT:
            self.said.append(Found(place, texts[1], context=texts[0]))
        else:
            self.said.append(Found(place, texts[0]))
        for arg in node.args[wanted:] if len(texts) >= wanted else node.args:
            self.visit(arg)

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str) and HAN.search(node.value):
            self.bare.append(Found(_place(self.file, node.lineno), node.value))


def _in_template(file: Path) -> Iterator[Found]:
    lines = (line.strip() for line in templatize(file.read_text()).splitlines())
    code = BytesIO("\n".join(lines).encode())
    for line, message, _comments, context in extract("python", code, keywords=KEYWORDS):
        one, many = message if isinstance(message, tuple) else (message, "")
        yield Found(_place(file, line), one, plural=many, context=context)


_SPOKEN = re.compile(
    r"(?s){%\s*comment.*?endcomment\s*%}|{#.*?#}|{%\s*blocktrans.*?endblocktrans(?:late)?\s*%}"
    r"|{%\s*trans(?:late)?\b.*?%}|<!--.*?-->|_\(\"[^\"]*\"\)|_\('[^']*'\)"
)
_EITHER = re.compile(r"{% if [^%]*%}[^{}<]*{% else %}[^{}<]*{% endif %}")  # the language chooses
_IN_CHINESE = re.compile(r'(?s)<(\w+)[^>]*\blang="zh[^"]*"[^>]*>[^<]*</\1>')


def _bare_in_template(file: Path) -> Iterator[Found]:
    text = file.read_text()
    for known in (_SPOKEN, _EITHER, _IN_CHINESE):
        text = known.sub(lambda match: "\n" * match.group().count("\n"), text)
    for number, line in enumerate(text.splitlines(), 1):
        if CHINESE.search(line):
            yield Found(_place(file, number), line.strip())
