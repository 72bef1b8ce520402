"""Two at the same moment: what both want is done once, and what only one can have goes to one."""

from datetime import UTC, datetime

from qiaoqiao.access.models import Account
from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.ledger.models import Entry
from qiaoqiao.parties.actions.breaking_glass import open_by_reason
from qiaoqiao.parties.actions.linking_cases import LinkRefused, link_applicant
from qiaoqiao.parties.models import File, FileReach, Name, Person
from tests.casework.test_holding_together import at_once
from tests.cast import PETITION, Town, as_staff, file_case, make_account, now_epoch
from tests.workbench.people_town import make_person


def entries(file: File, kind: str) -> int:
    return Entry.objects.filter(subject=file.pk, kind=kind).count()


def test_an_applicant_whom_two_officers_link_at_once_belongs_to_one_file(fresh_database: None) -> None:
    town = Town()
    one, other = make_person(town), make_person(town, what=[Name(text="陈二", script="hans", kind="legal")])
    person = file_case("petition", PETITION).person_id

    def link(account: Account, file: File) -> File:
        actor = as_staff(account)
        with acting(actor, epoch=now_epoch()):
            return link_applicant(
                person,
                file.pk,
                case="x",
                how="paper",
                office=town.federation,
                actor=actor,
                at=datetime.now(UTC),
            )

    done = at_once(lambda: link(town.officer_chen, one), lambda: link(town.head_liang, other))
    assert sorted(type(result) for result in done if not isinstance(result, File)) == [LinkRefused]
    with acting(SYSTEM, epoch=now_epoch()):
        held = Person.objects.get(pk=person).file_id
    assert [entries(file, "file.case_linked") for file in (one, other)] == [
        int(held == one.pk),
        int(held == other.pk),
    ]


def test_two_colleagues_with_a_reason_at_once_make_one_reach_and_two_entries(fresh_database: None) -> None:
    town = Town()
    file = make_person(town)
    second = make_account("ho", (town.kaiping_federation, "handler"))

    def look(account: Account) -> File:
        actor = as_staff(account)
        with acting(actor, epoch=now_epoch()):
            reason = "本人在我处窗口，急需核对归侨身份，以便今天办理就医。"
            office = town.kaiping_federation
            return open_by_reason(
                file.number, reason=reason, office=office, actor=actor, at=datetime.now(UTC)
            )

    done = at_once(lambda: look(town.stranger_he), lambda: look(second))
    assert all(isinstance(result, File) for result in done), done
    assert FileReach.objects.filter(file=file).count() == 1
    assert entries(file, "file.opened_by_reason") == 2
