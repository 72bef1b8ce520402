"""What the entries of a journey mean, in words."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SAID: Mapping[str, str | Promise] = {
    "journey.started": _("一次申请，开始办理"),
    "journey.leg_started": _("其中一项已经立件"),
    "journey.leg_ready": _("其中一项可以办了，还差几个问题要您回答"),
    "journey.leg_dropped": _("其中一项不再办理"),
}
