"""What is written to somebody who signed up: that there is a place, that they wait, that something changed."""

from datetime import timedelta

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from qiaoqiao.access.links import make_link
from qiaoqiao.community.activities.models import Activity, Signup
from qiaoqiao.gateways import mail, sms

KEPT = timedelta(days=30)
"""How long after an activity its links still open."""
SIGNUP, ATTEND = "signup", "attend"


def link_of(signup: Signup, activity: Activity) -> str:
    """Where somebody sees and cancels their own sign-up."""
    token = make_link(SIGNUP, signup.pk, until=activity.ends_at + KEPT)
    return f"{settings.PUBLIC_URL}/activities/signup/{token}/"


def attend_link(signup: Signup, activity: Activity) -> str:
    """What the QR code holds: an officer's telephone opens it and confirms that they came."""
    token = make_link(ATTEND, signup.pk, until=activity.ends_at + KEPT)
    return f"{settings.PUBLIC_URL}/staff/activities/check-in/{token}/"


def send(signup: Signup, activity: Activity, about: str, *, key: str) -> None:
    """Write by mail, or by text message to who gave a number only; the letter names no activity, the link shows it."""
    with translation.override(signup.language):
        subject, words = TEXTS[about]()
        body = words % {"link": link_of(signup, activity)}
    if signup.email:
        mail.mail().send(signup.email, subject, body, key=key)
    elif signup.phone:
        sms.sms().send(signup.phone, body, key=key)


TEXTS = {
    "going": lambda: (
        _("活动报名成功"),
        _("您报名的活动已留好名额。查看时间地点、签到码，或者取消：%(link)s"),
    ),
    "waiting": lambda: (
        _("活动报名：候补"),
        _("您报名的活动名额已满，您在候补名单里。有名额会通知您：%(link)s"),
    ),
    "promoted": lambda: (_("活动有名额了"), _("您候补的活动有名额了，已为您留好。不能来请取消：%(link)s")),
    "moved": lambda: (_("活动时间或地点有变"), _("您报名的活动时间或地点有变，请查看：%(link)s")),
    "postponed": lambda: (_("活动推迟"), _("您报名的活动推迟了，新的时间定了再通知您：%(link)s")),
    "cancelled": lambda: (_("活动取消"), _("您报名的活动取消了，原因请看：%(link)s")),
}


def about_now(signup: Signup) -> str:
    return "going" if signup.state == "going" else "waiting"
