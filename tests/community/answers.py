"""An office's answer, for tests that want one."""

from datetime import UTC, date, datetime
from uuid import uuid4

from qiaoqiao.access.models import Office
from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.community.knowledge.actions.writing import write
from qiaoqiao.community.knowledge.models import Answer
from qiaoqiao.community.knowledge.rules import Content
from tests.cast import now_epoch


def drafted(office: Office, question: str, *, key: str = "") -> Answer:
    content = Content(
        questions={"zh-Hans": question},
        answers={"zh-Hans": f"{question}：答复"},
        sources=[{"title": "国籍法（1980）", "article": "9", "confidence": "verified"}],
        valid_from=date(2026, 1, 1),
        topics=["time"],
        services=["petition"],
    )
    with acting(SYSTEM, epoch=now_epoch()):
        return write(content, office=office, actor=SYSTEM, at=datetime.now(UTC), key=key)


def known_answer(office: Office, question: str) -> dict[str, object]:
    """A draft that nobody else may see, for every argument that the area's addresses want."""
    answer = drafted(office, question, key="a-draft-of-ours")
    return {"answer_id": answer.pk, "key": answer.key, "message_id": uuid4(), "step": "confirm"}
