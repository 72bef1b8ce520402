"""The API's contract is committed; a difference is a reviewed change."""

import json
from pathlib import Path

from qiaoqiao.api.commands import schema_text

COMMITTED = Path(__file__).resolve().parents[2] / "openapi.json"


def test_the_committed_schema_is_the_one_the_code_has() -> None:
    assert COMMITTED.read_text(encoding="utf-8") == schema_text(), "run: qiaoqiao api schema"


def test_every_operation_has_a_name_and_a_description() -> None:
    paths = json.loads(schema_text())["paths"].values()
    operations = [operation for path in paths for operation in path.values()]
    assert len(operations) > 25
    assert all(operation["operationId"] and operation["description"] for operation in operations)
    assert len({operation["operationId"] for operation in operations}) == len(operations)
