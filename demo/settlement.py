"""The roads of a settlement case: three offices, one permit, one household register."""

import random

from demo.steps import DaysOn, NewPapers, Step, before
from demo.wording import said
from qiaoqiao.casework.rules import LAW, PERSON

TOPIC = "settling"
OFTEN_MISSING = ("travel_record", "residence_proof", "stay_proof", "home_proof", "living_proof", "photo")
DENIALS = ("not_overseas_chinese", "stay_too_short", "no_home_or_living", "ground_not_met", "untrue")
NOT_ACCEPTED = ("foreign_citizen", "study_or_official", "temporary_visit", "wrong_place", "still_registered")


class SettlementRoad:
    """Lays the steps of one application that is to end in a given state."""

    def __init__(self, chance: random.Random, *, faulty: bool = False, late: bool = False) -> None:
        self.chance, self.faulty, self.late = chance, faulty, late
        self.steps: list[Step] = []
        self.missing = sorted(chance.sample(OFTEN_MISSING, chance.randint(1, 3)))

    def to(self, target: str) -> tuple[Step, ...]:
        """The steps to a state."""
        getattr(self, f"_to_{target}")()
        return tuple(self.steps)

    def _words(self, kind: str) -> str:
        return said(kind, TOPIC, self.chance)

    def _add(
        self, do: str, seat: str = "lead", *, wait: int = 1, role: str = "handler", **answers: object
    ) -> None:
        self.steps.append(Step(do, seat, role, wait, answers))

    def _to_submitted(self) -> None:
        pass

    def _to_correcting(self) -> None:
        self._add(
            "one_time_notice",
            wait=before(4, self.chance),
            role="clerk",
            missing=self.missing,
            supplement_by=DaysOn(30),
            note=self._words("missing_note"),
        )

    def _to_supplemented(self) -> None:
        self._to_correcting()
        if self.chance.random() < 0.35:
            self.steps.append(Step("say", PERSON, wait=2, text=self._words("person_asks")))
            self.steps.append(Step("say", "lead", "handler", 1, text=self._words("officer_answers")))
        self._add(
            "supplement",
            PERSON,
            wait=before(18, self.chance),
            papers=NewPapers(tuple(self.missing)),
            note=self._words("supplement_note"),
        )
        if self.faulty:
            more = [one for one in OFTEN_MISSING if one not in self.missing][:1]
            self._add(
                "ask_again", wait=2, missing=more, supplement_by=DaysOn(20), note="首次告知漏列，请补。"
            )
            self._add("supplement", PERSON, wait=6, papers=NewPapers(tuple(more)))

    def _to_accepted(self) -> None:
        chance = self.chance.random()
        if chance < 0.06:
            self.steps.append(Step("lapse", LAW, wait=12, answers={"correction": True}))
            return
        if chance < 0.5 or self.faulty:
            self._to_supplemented()
        self._add("accept", wait=before(4, self.chance), role="clerk")
        if self.chance.random() < 0.3:
            self.steps.append(Step("judge", "lead", "handler", 0))

    def _to_consulting(self) -> None:
        self._to_accepted()
        self._add("consult", wait=before(4, self.chance), note=self._words("consult_note"))

    def _to_opinion_received(self) -> None:
        self._to_consulting()
        wait = self.chance.randint(12, 16) if self.late else before(8, self.chance)
        opinion = self.chance.choices(("agree", "facts_only", "disagree"), (85, 10, 5))[0]
        self._add(
            "opinion",
            "police",
            wait=wait,
            opinion=opinion,
            opinion_reasons=said("police", opinion, self.chance),
        )
        if self.chance.random() < 0.05:
            self._add(
                "start_examination",
                wait=1,
                examination="appraisal",
                examination_days=10,
                reasons="亲属关系需要鉴定。",
            )
            self._add("end_examination", wait=8, note="鉴定机构已出具意见。")

    def _audit(self, finding: str, *, province: bool = False) -> None:
        self._to_opinion_received()
        self._add(
            "audit_for_province" if province else "audit",
            wait=before(4, self.chance),
            finding=finding,
            finding_reasons=said("audit", finding, self.chance),
        )
        if not province and self.chance.random() < 0.05:
            self._add("city_returns", "city", wait=1, reasons="居住证明日期有误，请核实后重报。")
            self._add("audit", wait=1, finding=finding, finding_reasons=said("audit", finding, self.chance))

    def _to_audited(self) -> None:
        self._audit("grant")
        if self.chance.random() < 0.5:
            self._add("city_takes", "city", wait=1, role="clerk")

    def _to_rechecking(self) -> None:
        self._audit("grant", province=True)

    def _to_at_province(self) -> None:
        self._to_rechecking()
        self._add("city_takes", "city", wait=1, role="clerk")
        self._add(
            "report_up",
            "city",
            wait=before(3, self.chance),
            finding="grant",
            finding_reasons=said("audit", "grant", self.chance),
        )

    def _to_approved(self) -> None:
        if self.chance.random() < 0.06:
            self._to_at_province()
        else:
            self._audit("grant")
            self._add("city_takes", "city", wait=1, role="clerk")
        if self.chance.random() < 0.03:
            self._add(
                "city_extends", "city", wait=1, role="head", days=10, reasons="须向省级部门核实居留情况。"
            )
        self._add("approve", "city", wait=before(3, self.chance), role="head")

    def _to_permit_issued(self) -> None:
        self._to_approved()
        self._add(
            "issue_permit",
            "city",
            wait=before(6, self.chance),
            permit_number="侨定（演示）〔{year}〕{number}",
            issued_on=DaysOn(0),
        )

    def _to_registered(self) -> None:
        self._to_permit_issued()
        if self.chance.random() < 0.85:
            self._add("register", "household", wait=before(50, self.chance), registered_on=DaysOn(0))
        else:
            self._add("record_registration", "city", wait=before(60, self.chance), registered_on=DaysOn(-3))

    def _to_permit_expired(self) -> None:
        self._to_permit_issued()
        self.steps.append(Step("lapse", LAW, wait=200, answers={"permit_valid": True}))

    def _to_not_accepted(self) -> None:
        refusal = self.chance.choice(NOT_ACCEPTED)
        if self.chance.random() < 0.35:
            self._to_correcting()
            refusal = "not_supplemented"
            wait = 26
        else:
            wait = before(4, self.chance)
        self._add(
            "not_accept",
            wait=wait,
            refusal=refusal,
            reasons=said("denied", refusal, self.chance),
            right_office=said("right_office", refusal, self.chance),
        )

    def _to_denied(self) -> None:
        refusal = self.chance.choice(DENIALS)
        self._audit("deny")
        self._add("city_takes", "city", wait=1, role="clerk")
        self._add(
            "deny",
            "city",
            wait=before(3, self.chance),
            role="head",
            refusal=refusal,
            reasons=said("denied", refusal, self.chance),
        )

    def _to_withdrawn(self) -> None:
        self.chance.choice((self._to_submitted, self._to_correcting, self._to_consulting, self._to_audited))()
        self._add("withdraw", PERSON, wait=before(5, self.chance), note=self._words("why_withdrawn"))
