"""`qiaoqiao gateways check` asks every gateway and tells people and programs alike."""

import json
from pathlib import Path

import pytest
from pytest_django import Settings
from typer.testing import CliRunner

from qiaoqiao.gateways.commands import CHECKS, commands


@pytest.fixture
def installation(settings: Settings, tmp_path: Path) -> Settings:
    settings.STATE_DIR, settings.FILES_DIR, settings.DEMO = tmp_path, tmp_path / "files", True
    return settings


def test_all_gateways_of_a_demonstration_work(installation: Settings) -> None:
    done = CliRunner().invoke(commands, ["check"])
    assert done.exit_code == 0, done.output
    assert done.output.count("works") == len(CHECKS)


def test_a_gateway_that_fails_is_named_in_json(installation: Settings) -> None:
    installation.MAIL_GATEWAY = "pigeon"
    done = CliRunner().invoke(commands, ["check", "--json"])
    assert done.exit_code == 1
    answer = json.loads(done.output)
    assert set(answer) == set(CHECKS)
    assert not answer["mail"]["ok"]
    assert answer["storage"] == {"ok": True, "trouble": None}
