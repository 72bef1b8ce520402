"""Which moves of a relief case the fund makes, once there is a grant: no door may make them beside it."""

from uuid import UUID

from qiaoqiao.services.relief.models import Grant

SERVICE = "relief"

MOVES = frozenset(
    {
        "verified",
        "committee_agrees",
        "look_again",
        "notice_over",
        "approve",
        "refuse",
        "pay",
        "payment_returned",
        "cancel_help",
        "money_came_back",
        "sign_receipt",
        "follow_up",
    }
)
"""Moves that the fund's own steps make."""


def governing_grant(service: str, case_id: UUID, move_id: str) -> UUID | None:
    """The grant whose steps make this move; None when the case makes it itself."""
    if service != SERVICE or move_id not in MOVES:
        return None
    return Grant.objects.filter(case=case_id).values_list("pk", flat=True).first()
