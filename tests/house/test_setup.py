"""What a newcomer meets first: make, the lock files, the sample of settings, the command."""

import json
import os
import re
import shutil
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from qiaoqiao import cli
from qiaoqiao.ui import serving, vendor

PROJECT = Path(__file__).resolve().parents[2]
LOCKS = sorted(PROJECT.glob("requirements*.txt"))


def run(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.run(
        command, cwd=PROJECT, env=surroundings | environment, capture_output=True, text=True, check=False
    )


def qiaoqiao(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return run(sys.executable, "-m", "qiaoqiao", *arguments, **environment)


def test_make_alone_lists_every_target_in_one_line() -> None:
    said = run("make").stdout.splitlines()
    listed = {line.split()[1] for line in said}
    assert {"demo", "test", "bench", "bench-large", "clean-demo", "lock", "messages", "screens"} <= listed
    targets = re.findall(r"(?m)^([a-z-]+):(?!=| export)", (PROJECT / "Makefile").read_text())
    assert listed == set(targets)
    assert all(len(line.split()) > 2 for line in said)


def test_the_checks_of_every_change_are_make_test() -> None:
    script = PROJECT / ".ci" / "run"
    assert "make test" in script.read_text()
    assert script.stat().st_mode & stat.S_IXUSR


@pytest.mark.parametrize("lock", [*LOCKS, PROJECT / "package-lock.json"], ids=lambda path: path.name)
def test_no_lock_file_names_a_host(lock: Path) -> None:
    assert not re.search(r"https?://|--index-url|--find-links|\bfile:", lock.read_text())


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_every_locked_python_package_has_its_hashes(lock: Path) -> None:
    for entry in re.split(r"\n(?=\S)", lock.read_text().strip()):
        assert re.match(r"[\w.\[\]-]+==\S+", entry), entry
        assert "--hash=sha256:" in entry, entry


@pytest.mark.parametrize("asked", [True, False])
def test_spark_stays_when_packages_are_brought_up_to_date_and_comes_only_when_asked_for(
    tmp_path: Path, asked: bool
) -> None:
    shutil.copy(PROJECT / "Makefile", tmp_path)
    for lock in LOCKS:
        shutil.copy(lock, tmp_path)
    (tmp_path / ".venv").mkdir()
    for stamp in ("made", "spark") if asked else ("made",):
        (tmp_path / ".venv" / f"{stamp}.stamp").touch()
    said = run("make", "-C", str(tmp_path), "-n", ".venv/dev.stamp").stdout
    syncs = [line for line in said.splitlines() if " uv pip sync " in line]
    assert len(syncs) == 2
    assert [("requirements-spark.txt" in line) for line in syncs] == [asked, asked]


def test_every_locked_front_end_package_has_its_hash() -> None:
    packages = json.loads((PROJECT / "package-lock.json").read_text())["packages"]
    assert len(packages) > 5
    assert [name for name, package in packages.items() if name and "integrity" not in package] == []


def test_the_lock_files_agree_on_every_version() -> None:
    versions: dict[str, set[str]] = {}
    for lock in LOCKS:
        for name, version in re.findall(r"(?m)^([\w.-]+)==([^\s;]+)", lock.read_text()):
            versions.setdefault(name, set()).add(version)
    assert {name: found for name, found in versions.items() if len(found) > 1} == {}


def test_the_sample_of_settings_names_each_variable_and_no_other() -> None:
    read = set(re.findall(r'env(?:_bool)?\(\s*"(\w+)"', (PROJECT / "qiaoqiao" / "settings.py").read_text()))
    sample = set(re.findall(r"(?m)^(?:# )?([A-Z_]+)=", (PROJECT / ".env.sample").read_text())) - {"NAME_FILE"}
    assert sample == read


def test_the_style_we_serve_has_no_font_and_no_crest_of_gov_uk() -> None:
    given = (
        '@font-face{font-family:"GDS Transport";src:url(/assets/fonts/bold.woff2)}'
        'a{font-family:GDS Transport,arial,sans-serif}b{font-family:"GDS Transport", arial, sans-serif}'
        "c{background:url(/assets/images/govuk-crest.svg)}d{background:url(/assets/images/icon-document.svg)}"
        "\n/*# sourceMappingURL=x.css.map */"
    )
    served = vendor.clean_style(given).strip()
    assert served == (
        "a{font-family:var(--app-font)}b{font-family:var(--app-font)}"
        "c{background:none}d{background:url(images/icon-document.svg)}"
    )


@pytest.mark.skipif(not vendor.VENDOR.exists(), reason="the front end is not built: run `qiaoqiao build`")
def test_the_served_files_ask_for_nothing_that_is_not_there() -> None:
    for style in vendor.VENDOR.glob("*.css"):
        text = style.read_text()
        assert "GDS Transport" not in text
        assert "@font-face" not in text
        for name in re.findall(r"url\(([^)]+)\)", text):
            assert name.startswith("data:") or (vendor.VENDOR / name).exists(), name
    assert {icon.stem for icon in (vendor.VENDOR / "icons").iterdir()} == set(vendor.ICONS)


def test_the_help_of_the_command_lists_every_group() -> None:
    said = qiaoqiao("--help", COLUMNS="200").stdout
    assert [name for name in [*cli.GROUPS, "setup", "build", "serve", "db"] if f" {name} " not in said] == []


def test_a_part_that_is_not_there_leaves_the_rest_standing(monkeypatch: pytest.MonkeyPatch) -> None:
    nowhere = cli.Group("qiaoqiao.nowhere", "Not there.", "nothing")
    cli.mount("nowhere", nowhere, chosen=False)
    with pytest.raises(SystemExit) as left:
        cli.mount("nowhere", nowhere, chosen=True)
    assert left.value.code == cli.NOT_BUILT


def test_the_keys_are_made_once_kept_private_and_yield_to_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(cli, "STATE", tmp_path / "state")
    for name in cli.SECRETS:
        monkeypatch.delenv(name, raising=False)
    made = cli.own_secrets()
    assert set(made) == set(cli.SECRETS)
    assert len(set(made.values())) == len(cli.SECRETS)
    assert cli.own_secrets() == made
    assert stat.S_IMODE((tmp_path / "state" / "secrets.env").stat().st_mode) == 0o600
    monkeypatch.setenv("SECRET_KEY", "given")
    assert set(cli.own_secrets()) == set(cli.SECRETS) - {"SECRET_KEY"}


def test_a_taken_port_is_said_plainly() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(serving.CannotServe, match=f"Stop what uses port {port}"):
            serving.check_free("127.0.0.1", port)
    serving.check_free("127.0.0.1", port)


def test_a_command_of_its_own_is_mounted_without_a_second_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "app", typer.Typer())
    cli.mount("messages", cli.GROUPS["messages"], chosen=True)
    assert [command.name for command in cli.app.registered_commands] == ["messages"]
    assert cli.app.registered_groups == []
