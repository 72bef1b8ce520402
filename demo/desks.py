"""What lies on the desks of those with a card: seats of their own, and wordings they use again and again."""

from datetime import datetime

from demo.offices import card_holders
from qiaoqiao.access.models import Post
from qiaoqiao.access.tickets import staff
from qiaoqiao.casework.actions.seating import hand_to
from qiaoqiao.casework.actions.texts import keep_text
from qiaoqiao.casework.models import Assignment

HANDED = 8
TEXTS = (
    ("请耐心等待", "您的来信已收到，我们正在与有关单位核实，有结果会第一时间在这里告诉您。"),
    ("境外证明的办法", "在当地公证后，公约国办理附加证明书；其他国家请经中国使领馆认证，并附中文译本。"),
    (
        "可以由亲属代办",
        "您不必专程回国。请写好委托书，写明事项、权限和期限，由国内亲属持委托书和身份证件到窗口办理。",
    ),
)


def hand_out(now: datetime) -> None:
    """Give every officer with a card some of the office's open seats, and the office its wordings."""
    posts = Post.objects.filter(account__username__in=card_holders(), role__in=["clerk", "handler"])
    for post in posts.order_by("pk"):
        for title, body in TEXTS:
            keep_text(post.office_id, title=title, body=body)
        seats = Assignment.objects.filter(office=post.office_id, state="accepted", officer=None).order_by(
            "due_on", "id"
        )
        for case, seat in list(seats.values_list("case", "seat")[:HANDED]):
            hand_to(case, seat, officer=post.account_id, actor=staff(post.account_id), at=now)
