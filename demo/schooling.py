"""The roads of a school place: a certificate from one office, a school from another."""

import random

from demo.steps import DaysOn, NewPapers, Step, before
from demo.wording import said
from qiaoqiao.casework.rules import PERSON

TOPIC = "school_place"
OFTEN_MISSING = ("kinship_proof", "residence_proof", "household_book", "parents_identity")
NOT_CERTIFIED = ("foreign_child", "parents_not_overseas", "not_public", "wrong_place")
REFUSED = ("outside_season", "not_school_age", "papers_missing", "not_registered")


class SchoolRoad:
    """Lays the steps of one request that is to end in a given state."""

    def __init__(self, chance: random.Random, school: str) -> None:
        self.chance, self.school = chance, school
        self.steps: list[Step] = []

    def to(self, target: str) -> tuple[Step, ...]:
        """The steps to a state."""
        getattr(self, f"_to_{target}")()
        return tuple(self.steps)

    def _add(
        self, do: str, seat: str = "lead", *, wait: int = 1, role: str = "handler", **answers: object
    ) -> None:
        self.steps.append(Step(do, seat, role, wait, answers))

    def _to_submitted(self) -> None:
        pass

    def _to_waiting_papers(self) -> None:
        self.missing = self.chance.sample(OFTEN_MISSING, self.chance.randint(1, 2))
        self._add(
            "ask_papers",
            wait=before(5, self.chance),
            role="clerk",
            missing=self.missing,
            papers_by=DaysOn(20),
            note=said("missing_note", TOPIC, self.chance),
        )

    def _to_checking(self) -> None:
        self._to_waiting_papers()
        self._add("supplement", PERSON, wait=before(12, self.chance), papers=NewPapers(tuple(self.missing)))

    def _to_certified(self) -> None:
        if self.chance.random() < 0.4:
            self._to_checking()
        self._add(
            "certify", wait=before(5, self.chance), certificate_number="侨读证（演示）〔{year}〕{number}号"
        )

    def _to_arranging(self) -> None:
        self._to_certified()
        if self.chance.random() < 0.06:
            self._add("edu_returns", "edu", wait=2, reasons="监护人户口簿地址与申请不一致，请核实。")
            self._add("certify", wait=2, certificate_number="侨读证（演示）〔{year}〕{number}号更正")
        self._add("edu_takes", "edu", wait=before(3, self.chance), role="clerk")

    def _to_waiting_season(self) -> None:
        self._to_arranging()
        self._add(
            "next_season",
            "edu",
            wait=before(4, self.chance),
            window_start=DaysOn(90),
            window_end=DaysOn(120),
            note=said("season", TOPIC, self.chance),
        )

    def _to_place_offered(self) -> None:
        if self.chance.random() < 0.15:
            self._to_waiting_season()
            self._add("resume", "edu", wait=45)
        else:
            self._to_arranging()
        self._offer(self.school)
        if self.chance.random() < 0.1:
            self._add("other_school", PERSON, wait=3, wish=said("wish", TOPIC, self.chance))
            self._offer("城东实验小学")

    def _offer(self, school: str) -> None:
        self._add(
            "offer_place",
            "edu",
            wait=before(9, self.chance),
            school_name=f"{{county}}{school}（地址、电话见入学须知）",
            register_by=DaysOn(14),
            note=said("offer", TOPIC, self.chance),
        )

    def _to_place_taken(self) -> None:
        self._to_place_offered()
        self._add("take_place", PERSON, wait=before(7, self.chance))

    def _to_enrolled(self) -> None:
        self._to_place_taken()
        self._add(
            "confirm_enrolled", "edu", wait=before(10, self.chance), role="clerk", enrolled_on=DaysOn(-1)
        )

    def _to_not_certified(self) -> None:
        refusal = self.chance.choice(NOT_CERTIFIED)
        if self.chance.random() < 0.4:
            self._to_checking()
        self._add(
            "not_certify",
            wait=before(5, self.chance),
            refusal=refusal,
            reasons=said("school_refused", refusal, self.chance),
            right_office=said("school_right_office", refusal, self.chance),
        )

    def _to_refused(self) -> None:
        refusal = self.chance.choice(REFUSED)
        self._to_arranging() if refusal != "not_registered" else self._to_place_offered()
        self._add(
            "refuse",
            "edu",
            wait=before(12, self.chance),
            refusal=refusal,
            reasons=said("school_refused", refusal, self.chance),
            right_office=said("school_right_office", refusal, self.chance),
        )

    def _to_withdrawn(self) -> None:
        self.chance.choice((self._to_submitted, self._to_waiting_papers, self._to_arranging))()
        self._add(
            "withdraw", PERSON, wait=before(6, self.chance), note=said("why_withdrawn", TOPIC, self.chance)
        )
