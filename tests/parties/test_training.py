"""Learning from decisions: near what was there, better on what it did not see, in force only when a head says so."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from qiaoqiao.access.tickets import SYSTEM, Actor, acting
from qiaoqiao.parties.actions import training
from qiaoqiao.parties.actions.merging import NotYours
from qiaoqiao.parties.linkage.comparing import COMPARISONS
from qiaoqiao.parties.linkage.evidence import PRIOR, evidence
from qiaoqiao.parties.linkage.features import encode
from qiaoqiao.parties.linkage.matching import in_force, pairs
from qiaoqiao.parties.linkage.weighing import read, shipped
from qiaoqiao.parties.models import Proposal, Record, Training
from tests.cast import AT, Town, as_staff, now_epoch
from tests.parties.alike import CHAN, CHEN, SPOUSE, file_of_rows
from tests.parties.rolls import make_source
from tests.parties.test_merging import a_file


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def town(db: None) -> Town:
    return Town()


@pytest.fixture
def liang(town: Town) -> Iterator[Actor]:
    actor = as_staff(town.head_liang)
    with acting(actor, epoch=now_epoch()):
        yield actor


def item(what: str, level: int) -> dict[str, Any]:
    bits = shipped().weights[what][level]
    return {"what": what, "level": level, "weight": bits, "left": "", "right": "", "how": ""}


def decisions(town: Town, many: int, *, phones_lie: bool) -> None:
    """Pairs that agree in the telephone and little else; people said that these were two persons."""
    shared = [item("given", 6), item("phone", 1), item("birth", 4)]
    prior = {"what": PRIOR, "level": 0, "weight": -4.0, "left": "", "right": "", "how": ""}
    files = [a_file(town) for _ in range(2 * many)]
    with acting(SYSTEM, epoch=now_epoch()):
        for one in range(many):
            same = bool(one % 2)
            said = [item("given", 6), item("phone", 0), item("birth", 10)] if same else shared
            alike = not same if not phones_lie else same
            Proposal.objects.create(
                office=town.federation, one=files[2 * one], other=files[2 * one + 1], weight=1.0, band="likely",
                evidence=[*said, prior], state="accepted" if alike else "rejected", made_at=AT, decided_at=AT,
                decided_by=town.head_liang,
            )  # fmt: skip


def test_too_few_decisions_teach_nothing(town: Town, liang: Actor) -> None:
    decisions(town, training.LEAST - 1, phones_lie=True)
    with pytest.raises(training.TooFew) as told:
        training.train([town.federation.pk], actor=liang, at=now())
    assert (told.value.have, told.value.least) == (49, 50)
    assert not Training.objects.exists()


def test_a_level_that_reviewers_contradict_weighs_less_and_what_they_never_saw_stays(
    town: Town, liang: Actor
) -> None:
    decisions(town, 60, phones_lie=True)
    made = Training.objects.get(pk=training.train([town.federation.pk], actor=liang, at=now()).pk)
    new, old = read(made.settings), shipped()
    assert new.weights["phone"][1] < old.weights["phone"][1] - 0.3
    assert new.weights["birth"][10] > old.weights["birth"][10]
    assert new.weights["native"] == pytest.approx(old.weights["native"], abs=1e-3)
    told = made.settings["agreement"]
    assert told["of"] == made.decisions == 60
    assert told["after"] >= told["before"]
    assert not made.current


def test_weights_stay_near_the_present_ones_however_one_sided_the_decisions_are(town: Town) -> None:
    start = training.as_vector(shipped())
    chosen = np.zeros((50, training.SIZE + 1))
    chosen[:, [0, training.SIZE]] = 1
    vector = training.fit(chosen, np.zeros(50), np.ones(50), start)
    assert np.isfinite(vector).all()
    assert np.abs(vector - start).max() < 8
    assert set(np.flatnonzero(np.abs(vector - start) > 1e-9)) == {0, training.SIZE}


def test_nothing_is_in_force_until_a_head_says_so_and_the_shipped_weights_can_come_back(
    town: Town, liang: Actor
) -> None:
    decisions(town, 50, phones_lie=True)
    made = training.train([town.federation.pk], actor=liang, at=now())
    assert in_force() == (None, shipped())
    officer = as_staff(town.officer_chen)
    with acting(officer, epoch=now_epoch()), pytest.raises(NotYours):
        training.use(made.pk, actor=officer, at=now())
    training.use(made.pk, actor=liang, at=now())
    held = in_force()[0]
    assert held is not None
    assert held.pk == made.pk
    training.use(None, actor=liang, at=now())
    assert in_force()[0] is None
    assert Training.objects.filter(pk=made.pk).exists()


def test_decisions_of_other_offices_are_not_learned_from(town: Town, liang: Actor) -> None:
    with pytest.raises(NotYours):
        training.train([town.kaiping_federation.pk], actor=liang, at=now())
    with pytest.raises(NotYours):
        training.train([], actor=liang, at=now())


def test_levels_are_read_from_the_records_again_and_from_the_evidence_when_one_is_gone(
    town: Town, liang: Actor
) -> None:
    source = make_source(town.federation)
    one, other = (file_of_rows(source, town.federation, line) for line in (CHEN, CHAN))
    first, second = (Record.objects.get(file=file) for file in (one, other))
    items = evidence(CHEN, CHAN, pairs(encode([CHEN]), encode([CHAN]), shipped(), records=3000)[0])
    items[-1]["left"], items[-1]["right"] = str(first.pk), str(second.pk)
    seen = {line["what"]: line["level"] for line in items if line["what"] in COMPARISONS}
    assert {name: level for name, level in training.known_levels([items])[0].items() if level >= 0} == {
        **seen, "kinship": 0,
    }  # fmt: skip
    Record.objects.filter(pk=first.pk).update(phone="")
    assert training.known_levels([items])[0]["phone"] == -1
    Record.objects.filter(pk=first.pk).delete()
    assert training.known_levels([items])[0] == seen


def test_the_numbers_of_a_decision_add_up_to_its_weight(town: Town) -> None:
    compared = pairs(encode([CHEN]), encode([SPOUSE]), shipped(), records=3000)[0]
    items = evidence(CHEN, SPOUSE, compared)
    with acting(SYSTEM, epoch=now_epoch()):
        row = training.design([items])
    total = row @ training.as_vector(shipped()) + training.priors([items])
    assert total[0] == pytest.approx(compared[0], abs=0.02)
