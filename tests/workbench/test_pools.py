"""The pools at the desk: nominated with the conditions judged, appointed, on duty, renewed; every number opens a list."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from playwright.sync_api import Page

from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.community.pools.letters import link_of
from qiaoqiao.community.pools.models import DutyShift, Engagement, Nomination, PoolMember, PoolTerm
from qiaoqiao.community.pools.rules import PoolKind
from qiaoqiao.gateways import printing
from tests.cast import SETTLE, Town, file_case, now_epoch
from tests.community.pools_town import appointing, in_office, make_committee, named
from tests.eyes import wrong
from tests.workbench.conftest import Opener, SignIn

CANDIDATE = {
    "kind": "people_supervisor", "name": "谭伟明", "country": "CN", "nationality": "CN", "sex": "m",
    "born_year": "1980", "born_month": "5", "born_day": "1", "education": "bachelor", "by": "federation",
    "reason": "公道正派，懂法律", "languages": ["cantonese", "toisan"], "once": "n1",
}  # fmt: skip


def day(name: str, on: date) -> dict[str, str]:
    return {f"{name}_year": str(on.year), f"{name}_month": str(on.month), f"{name}_day": str(on.day)}


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


def nominated(client: Client, town: Town, **changes: Any) -> Any:
    return client.post("/staff/pools/nominate/", {**CANDIDATE, "keeper": str(town.federation.pk), **changes})


def step(client: Client, member: PoolMember, name: str, **given: str) -> Any:
    return client.post(f"/staff/pools/members/{member.pk}/{name}/", given)


def only_member() -> PoolMember:
    with acting(SYSTEM, epoch=now_epoch()):
        return PoolMember.objects.get()


def test_a_supervisor_goes_from_the_form_into_office(town: Town, signed_in: SignIn) -> None:
    client, justice, today = (
        signed_in(town.officer_chen),
        appointing(town, PoolKind.PEOPLE_SUPERVISOR),
        timezone.localdate(),
    )
    answer = nominated(client, town)
    assert answer.status_code == 302, answer.content.decode()
    assert nominated(client, town)["Location"] == answer["Location"]
    member = only_member()
    assert step(client, member, "review").status_code == 422
    step(client, member, "review", sure="on", once="r")
    step(
        client,
        member,
        "publish",
        **day("from_on", today - timedelta(days=9)),
        **day("until_on", today - timedelta(days=2)),
    )
    given = {
        **day("starts_on", today),
        **day("announced_on", today - timedelta(days=90)),
        "decision": "江司任1号",
    }
    late = day("announced_until", today - timedelta(days=30))
    refused = step(client, member, "appoint", by=str(town.federation.pk), **given, **late)
    assert refused.status_code == 422
    short = step(
        client,
        member,
        "appoint",
        by=str(justice.pk),
        **given,
        **day("announced_until", today - timedelta(days=88)),
    )
    assert "选任公告至少要 20 个工作日" in short.content.decode()
    assert "人民监督员选任管理办法" in short.content.decode()
    assert step(client, member, "appoint", by=str(justice.pk), **given, **late).status_code == 302
    assert only_member().state == "active"
    page = text(client, f"/staff/pools/members/{member.pk}/")
    assert all(words in page for words in ("在任", "江司任1号", "最多连任 2 届", "公道正派", "登记任命"))


def test_each_condition_that_is_not_met_stands_beside_its_field_with_the_law(
    town: Town, signed_in: SignIn
) -> None:
    client = signed_in(town.officer_chen)
    answer = nominated(
        client,
        town,
        born_year="2010",
        nationality="VE",
        education="below_high_school",
        posts=["assessor", "lawyer"],
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    for words in ("必须是中国公民", "要满 23 周岁", "学历要在高中、中专以上", "“人民陪审员”不能同时担任"):
        assert words in page, words
    assert "《人民监督员选任管理办法》" in page
    assert 'value="谭伟明"' in page
    with acting(SYSTEM, epoch=now_epoch()):
        assert not PoolMember.objects.exists()


@pytest.mark.parametrize("kind", [str(one) for one in PoolKind])
def test_each_pool_has_its_form(town: Town, signed_in: SignIn, kind: str) -> None:
    client = signed_in(town.officer_chen)
    page = text(client, f"/staff/pools/nominate/?kind={kind}")
    assert ('name="ground"' in page) == (kind == "arbitrator")
    assert ('name="posts"' in page) == (kind in {"arbitrator", "people_supervisor"})


def test_every_figure_opens_its_list(town: Town, signed_in: SignIn) -> None:
    committee = make_committee(town)
    for number in range(3):
        in_office(town, PoolKind.ADVISER, name=f"顾问{number}", organisation=committee, specialties=["house"])
    named(town, PoolKind.PEOPLE_SUPERVISOR, name="候选人")
    client = signed_in(town.officer_chen)
    page = text(client, "/staff/pools/")
    query = f"?kind=adviser&amp;state=active&amp;organisation={committee.pk}"
    assert query in page
    assert text(client, "/staff/pools/members/" + query.replace("&amp;", "&")).count("data-row") == 3
    recommended = text(client, "/staff/pools/members/?recommended=on&kind=people_supervisor")
    assert "候选人" in recommended
    assert recommended.count("data-row") == 1
    assert text(client, "/staff/pools/members/?specialty=tax").count("data-row") == 0
    assert text(client, "/staff/pools/members/?specialty=house&free=on&region=440781").count("data-row") == 0
    assert text(client, "/staff/pools/members/?specialty=house&free=on").count("data-row") == 3
    assert "人员库" in text(client, "/staff/affairs/")


def test_the_list_asks_the_database_the_same_number_of_times_however_long_it_is(
    town: Town, signed_in: SignIn
) -> None:
    client = signed_in(town.officer_chen)
    in_office(town, PoolKind.ADVISER, name="甲")
    counts = []
    for more in (0, 12):
        for number in range(more):
            in_office(town, PoolKind.ADVISER, name=f"乙{number}")
        with CaptureQueriesContext(
            connection,
        ) as asked:
            text(client, "/staff/pools/members/")
        counts.append(len(asked))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("month", ["9999-12", "0001-01", "2026-13", "2026-", "nonsense", "%00"])
def test_a_month_that_cannot_be_is_this_one(town: Town, signed_in: SignIn, month: str) -> None:
    answer = signed_in(town.officer_chen).get(f"/staff/pools/rota/?month={month}")
    assert answer.status_code == 200
    assert f"{timezone.localdate():%Y-%m}-01" in answer.content.decode()


def test_the_rota_takes_a_shift_refuses_it_twice_and_gives_it_back(town: Town, signed_in: SignIn) -> None:
    committee = make_committee(town)
    member = in_office(town, PoolKind.ADVISER, organisation=committee)
    client = signed_in(town.officer_chen)
    shift = {"member": str(member.pk), "on": "2026-12-03", "part": "morning", "at": str(committee.pk)}
    address = "/staff/pools/rota/?month=2026-12"
    assert client.post(address, shift).status_code == 302
    again = client.post(address, shift)
    assert again.status_code == 422
    assert "已经排了班" in again.content.decode()
    page = text(client, address)
    assert "谭伟明" in page
    assert "休息日" in page
    with acting(SYSTEM, epoch=now_epoch()):
        row = DutyShift.objects.get()
    client.post(f"/staff/pools/rota/{row.pk}/remove/", {"month": "2026-12"})
    assert "谭伟明<" not in text(client, address).partition("<tbody>")[2]


def test_a_matter_is_given_and_done_and_shows_the_case_only_to_who_may_see_it(
    town: Town, signed_in: SignIn
) -> None:
    case = file_case("settlement", SETTLE)
    member = in_office(town, PoolKind.INTERPRETER)
    client = signed_in(town.officer_chen)
    assert step(client, member, "engagement", role="interpreter").status_code == 422
    missing = step(client, member, "engagement", role="interpreter", reference="QQ26-3333-33A")
    assert "找不到这个编号的案件" in missing.content.decode()
    for _twice in range(2):
        step(client, member, "engagement", role="interpreter", reference=case.reference, once="e")
    with acting(SYSTEM, epoch=now_epoch()):
        row = Engagement.objects.get()
    address = f"/staff/pools/members/{member.pk}/"
    assert case.reference in text(client, address)
    fitting = text(client, "/staff/pools/fitting/?kind=interpreter&language=spanish")
    assert "手上 1 件事" in fitting
    assert "不会说这种语言" in text(client, "/staff/pools/fitting/?kind=interpreter&language=thai")
    client.post(f"/staff/pools/engagements/{row.pk}/end/")
    assert "办完了" not in text(client, address)


def test_a_new_beginning_is_confirmed_by_a_person_and_only_where_the_law_counts_terms(
    town: Town, signed_in: SignIn
) -> None:
    member, adviser = in_office(town, PoolKind.PEOPLE_SUPERVISOR), in_office(town, PoolKind.ADVISER)
    client = signed_in(town.officer_chen)
    asked = "届数重新计算"
    assert asked in text(client, f"/staff/pools/members/{member.pk}/renew/")
    assert asked not in text(client, f"/staff/pools/members/{adviser.pk}/renew/")
    refused = step(
        client,
        member,
        "renew",
        by=str(appointing(town, PoolKind.PEOPLE_SUPERVISOR).pk),
        anew="on",
        **day("starts_on", date(2031, 3, 2)),
    )
    assert refused.status_code == 422
    assert "本单位也还没有设定天数" in refused.content.decode()


def test_terms_that_end_soon_are_listed_and_a_second_one_cannot_be_renewed(
    town: Town, signed_in: SignIn
) -> None:
    member = in_office(town, PoolKind.PEOPLE_SUPERVISOR)
    today = timezone.localdate()
    with acting(SYSTEM, epoch=now_epoch()):
        PoolTerm.objects.update(number=2, ends_on=today + timedelta(days=20))
    client = signed_in(town.officer_chen)
    page = text(client, "/staff/pools/expiring/")
    assert "不能再连任" in page
    refused = step(
        client,
        member,
        "renew",
        by=str(appointing(town, PoolKind.PEOPLE_SUPERVISOR).pk),
        **day("starts_on", today + timedelta(days=21)),
    )
    assert refused.status_code == 422
    assert "已经连任 2 届" in refused.content.decode()
    with acting(SYSTEM, epoch=now_epoch()):
        assert PoolTerm.objects.get().ended_on is None


def test_a_step_that_is_no_longer_open_leads_back_and_does_nothing(town: Town, signed_in: SignIn) -> None:
    member = in_office(town, PoolKind.ADVISER)
    client = signed_in(town.officer_chen)
    assert client.get(f"/staff/pools/members/{member.pk}/review/").status_code == 302
    assert step(client, member, "review", sure="on").status_code == 422
    assert client.get(f"/staff/pools/members/{member.pk}/fly/").status_code == 404
    assert only_member().state == "active"


def test_the_letter_of_recommendation_is_a_numbered_pdf(town: Town, signed_in: SignIn) -> None:
    member = named(town, PoolKind.PEOPLE_SUPERVISOR)
    client = signed_in(town.officer_chen)
    if printing.check():
        pytest.skip("no fonts here")
    for _again in range(2):
        answer = client.post(f"/staff/pools/members/{member.pk}/letter/")
        assert answer["Content-Type"] == "application/pdf"
        assert answer.content.startswith(b"%PDF")
    assert "侨测函〔" in text(client, f"/staff/pools/members/{member.pk}/")
    with acting(SYSTEM, epoch=now_epoch()):
        address = link_of(member, Nomination.objects.get()).removeprefix(settings.PUBLIC_URL)
    checked = text(Client(headers={"accept-language": "zh-CN"}), address)
    assert town.federation.names["zh-Hans"] in checked
    assert "谭伟明" not in checked
    unwritten = named(town, PoolKind.PEOPLE_SUPERVISOR, name="李素芬")
    with acting(SYSTEM, epoch=now_epoch()):
        address = link_of(unwritten, Nomination.objects.get(member=unwritten))
    assert Client().get(address.removeprefix(settings.PUBLIC_URL)).status_code == 404


@pytest.mark.browser
def test_the_main_pages_have_no_faults(open_page: Opener, served_town: Town) -> None:
    town = served_town
    committee = make_committee(town)
    spoken = {"languages": ["cantonese", "toisan", "spanish"], "specialties": ["house", "inheritance"]}
    member = in_office(town, PoolKind.ADVISER, organisation=committee, place=town.taishan, **spoken)
    in_office(town, PoolKind.PEOPLE_MEDIATOR, name="梅焕珍", starts_on=date(2024, 1, 8))
    named(town, PoolKind.PEOPLE_SUPERVISOR, name="李素芬")
    addresses = (
        "", "members/", f"members/{member.pk}/", "nominate/?kind=people_supervisor", "rota/", "expiring/", "fitting/",
        f"members/{member.pk}/suspend/",
    )  # fmt: skip
    for path in addresses:
        page: Page = open_page(f"/staff/pools/{path}", account=town.officer_chen)
        assert wrong(page) == [], path
