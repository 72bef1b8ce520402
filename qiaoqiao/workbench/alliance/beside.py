"""The referrals of a case, as its page lists them."""

from typing import Any
from uuid import UUID

from qiaoqiao.community.alliance.models import Referral
from qiaoqiao.community.alliance.wording import SHAPES, STATES
from qiaoqiao.ui.places import name_of


def referrals_of(case_id: UUID, language: str) -> list[dict[str, Any]]:
    """Referrals of a case that is known to be visible, newest first."""
    rows = Referral.objects.filter(case=case_id).select_related("offer__organisation").order_by("-asked_at")
    return [
        {
            "row": one,
            "partner": name_of(one.offer.organisation.names, language),
            "state": STATES[one.state],
            "shape": SHAPES[one.state],
        }
        for one in rows
    ]
