"""The roads of a petition: from registering to every end the entry knows."""

import random
from collections.abc import Mapping

from demo.steps import Nearest, NewPapers, Step, before
from demo.wording import said
from qiaoqiao.casework.rules import LAW, PERSON

# Who answers for a topic in practice.
ORGANS: Mapping[str, tuple[str, ...]] = {
    "house": ("housing", "natural_resources", "housing"),
    "settlement": ("exit_entry_police", "overseas_affairs"),
    "nationality": ("exit_entry_police",),
    "schooling": ("education",),
    "hardship": ("civil_affairs",),
    "social_insurance": ("human_resources",),
    "family": ("civil_affairs", "justice"),
    "business": ("tax", "human_resources"),
    "health": ("health",),
    "donation": ("overseas_affairs", "education"),
    "other": ("petition_office", "natural_resources"),
}
SUGGESTION_ENDS = ("adopted", "adopted_in_part", "not_adopted")
ACCUSATION_ENDS = ("handing_over", "handed_over")
# State → the state before it on the usual road.
OPINIONS = ("supported", "explained", "not_supported")


class PetitionRoad:
    """Lays the steps of one petition that is to end in a given state."""

    def __init__(self, topic: str, purpose: str, chance: random.Random) -> None:
        self.topic, self.purpose, self.chance = topic, purpose, chance
        self.organ = chance.choice(ORGANS[topic])
        self.steps: list[Step] = []

    def to(self, target: str) -> tuple[Step, ...]:
        """The steps to a state (an open one, or one that is the end)."""
        way = getattr(self, f"_to_{target}", None)
        if way is not None:
            way()
        elif target in SUGGESTION_ENDS:
            self._to_suggestion_end(target)
        else:
            self._to_opinion(target)
        return tuple(self.steps)

    def _words(self, kind: str) -> str:
        return said(kind, self.topic, self.chance)

    def _add(
        self, do: str, seat: str = "lead", *, wait: int = 1, role: str = "handler", **answers: object
    ) -> None:
        self.steps.append(Step(do, seat, role, wait, answers))

    def _say(self, seat: str, kind: str, wait: int) -> None:
        text = said(kind, self.topic, self.chance)
        self.steps.append(Step("say", seat, "handler", wait, text=text))

    def _to_registered(self) -> None:
        pass

    def _to_received(self) -> None:
        self._add(
            "acknowledge", wait=before(6, self.chance), role="clerk", how_handled=self._words("how_handled")
        )
        if self.chance.random() < 0.25:
            self._add(
                "invite_papers",
                wait=1,
                papers_wanted=["evidence"],
                why_wanted="核实您说的情况，没有也可以不交",
            )
            self.steps.append(Step("bring", PERSON, wait=before(8, self.chance), answers={"evidence": True}))

    def _begin(self) -> None:
        if self.chance.random() < 0.4:
            self._to_received()
        elif self.chance.random() < 0.15:
            self._say("lead", "asks", 1)
            self._say(PERSON, "person_answers", 1)

    def _to_studying(self) -> None:
        self._add("begin_study", wait=before(6, self.chance), how_handled=self._words("studying"))

    def _to_suggestion_end(self, target: str) -> None:
        move = {"adopted": "adopt", "adopted_in_part": "adopt_in_part", "not_adopted": "not_adopt"}[target]
        if self.chance.random() < 0.35:
            self._to_with_organ()
            self._add(f"organ_{move}", "organ", wait=before(15, self.chance), reply=self._words(target))
            return
        self._to_studying()
        self._add(move, wait=before(18, self.chance), reply=self._words(target))

    def _refer(self, wait: int, kind: str) -> None:
        self._add("refer", wait=wait, referred_to=Nearest(kind), why_there=self._words("why_there"))

    def _to_referred(self) -> None:
        self._begin()
        self._refer(before(5, self.chance), self.organ)
        if self.chance.random() < 0.2:
            self._add("write_letter", wait=0, addressee="{county}" + self._words("organ_name"))

    def _to_returned(self) -> None:
        self._begin()
        self._refer(
            before(4, self.chance), "petition_office" if self.organ != "petition_office" else "justice"
        )
        self._add("object", "organ", wait=before(3, self.chance), objection=self._words("objection"))

    def _to_with_organ(self) -> None:
        silent = self.chance.random()
        if silent < 0.08:
            self._to_returned()
            self._refer(before(3, self.chance), self.organ)
        else:
            self._to_referred()
        if silent > 0.95:
            self.steps.append(Step("lapse", LAW, wait=12, answers={"transfer_objection": True}))
            self._add("confirm_receipt", "organ", wait=1, how_handled=self._words("how_handled"))
        else:
            self._add(
                "receive_matter", "organ", wait=before(3, self.chance), how_handled=self._words("how_handled")
            )

    def _to_handling(self) -> None:
        self._to_with_organ()
        self._add("accept_matter", "organ", wait=before(4, self.chance), role="clerk")
        if self.chance.random() < 0.3:
            self._say("organ", "asks", before(5, self.chance))
            self._say(PERSON, "person_answers", before(4, self.chance))

    def _decide(self, result: str, seat: str, prefix: str, wait: int) -> None:
        final = prefix == "recheck_"
        answers = {
            "findings": self._words("findings"),
            "opinion": self._words(result),
            "basis": self._words("basis"),
        } | ({} if final else {"next_authority": "{city}" + self._words("organ_name")})
        verb = {"supported": "support", "explained": "explain", "not_supported": "not_support"}[result]
        self._add(f"{prefix}{verb}", seat, wait=wait, role="head", **answers)

    def _to_opinion(self, target: str) -> None:
        """Opinions of the three instances, and their ends: `opinion_supported`, `supported`, …"""
        stage, _, result = target.partition("_")
        if stage not in {"opinion", "review"}:
            stage, result = "end", target
        self._to_handling()
        wait = before(30, self.chance)
        if self.chance.random() < 0.12:
            self._add(
                "hold_hearing", "organ", wait=before(10, self.chance), hearing_record=self._words("hearing")
            )
        if self.chance.random() < 0.08:
            self._add("extend", "organ", wait=25, role="head", days=30, why_longer=self._words("why_longer"))
        again = stage == "end" and self.chance.random() < 0.2
        first = self.chance.choice(OPINIONS[1:]) if stage == "review" or again else result
        self._decide(first, "organ", "", wait)
        if stage == "end" and not again:
            limit = {"supported": "review_apply_supported", "explained": "review_apply_explained"}
            self._law(limit.get(result, "review_apply"), 42)
        if stage == "review" or again:
            self._reviewed(result)
        if again:
            limit = {"supported": "recheck_apply_supported", "explained": "recheck_apply_explained"}
            self._law(limit.get(result, "recheck_apply"), 42)

    def _law(self, limit: str, wait: int) -> None:
        self.steps.append(Step("lapse", LAW, wait=wait, answers={limit: True}))

    def _to_review_requested(self) -> None:
        self._to_opinion("opinion_" + self.chance.choice(OPINIONS[1:]))
        further: object = NewPapers(("evidence",)) if self.chance.random() < 0.4 else []
        self._add(
            "apply_review",
            PERSON,
            wait=before(20, self.chance),
            disagreement=self._words("disagreement"),
            further_papers=further,
        )

    def _after_request(self) -> None:
        self._add(
            "send_to_review", "organ", wait=before(2, self.chance), sent_to=Nearest(self.organ, city=True)
        )
        self._add("accept_review", "superior", wait=before(3, self.chance))

    def _to_under_review(self) -> None:
        self._to_review_requested()
        if self.chance.random() < 0.1:
            self._add("send_to_review", "organ", wait=1, sent_to=Nearest("petition_office", city=True))
            self._add("return_review", "superior", wait=2, objection=self._words("objection"))
        self._after_request()

    def _reviewed(self, result: str) -> None:
        self._add(
            "apply_review", PERSON, wait=before(20, self.chance), disagreement=self._words("disagreement")
        )
        self._after_request()
        self._decide(result, "superior", "review_", before(14, self.chance))

    def _to_recheck_requested(self) -> None:
        self._to_opinion("review_" + self.chance.choice(OPINIONS[1:]))
        self._add(
            "apply_recheck", PERSON, wait=before(20, self.chance), disagreement=self._words("disagreement")
        )

    def _to_under_recheck(self) -> None:
        self._to_recheck_requested()
        self._add(
            "send_to_recheck",
            "superior",
            wait=before(2, self.chance),
            sent_to=Nearest(self._last(), city=True),
        )
        self._add("accept_recheck", "recheck", wait=before(3, self.chance))

    def _last(self) -> str:
        return "justice" if self.organ == "petition_office" else "petition_office"

    def _to_recheck_hearing(self) -> None:
        self._to_under_recheck()
        self._add("hearing_opened", "recheck", wait=before(4, self.chance))

    def rechecked(self, result: str) -> tuple[Step, ...]:
        """The whole way to the end of the third instance."""
        if self.chance.random() < 0.5:
            self._to_recheck_hearing()
            self._add(
                "hearing_closed",
                "recheck",
                wait=before(5, self.chance),
                hearing_record=self._words("hearing"),
            )
        else:
            self._to_under_recheck()
        self._decide(result, "recheck", "recheck_", before(10, self.chance))
        return tuple(self.steps)

    def _to_handing_over(self) -> None:
        if self.chance.random() < 0.15:
            self._add("hand_over", wait=1)
            self._add("return_accusation", "discipline", wait=3, objection=self._words("objection"))
        self._add("hand_over", wait=before(4, self.chance))

    def _to_handed_over(self) -> None:
        self._to_handing_over()
        self._add("take_accusation", "discipline", wait=before(4, self.chance))

    def _to_directed(self) -> None:
        self._begin()
        self._add(
            "direct_on",
            wait=before(5, self.chance),
            role="clerk",
            authority="{county}" + self._words("organ_name"),
            how_to_reach=self._words("how_to_reach"),
        )

    def _to_not_accepted(self) -> None:
        by_organ = self.chance.random() < 0.3
        if by_organ:
            self._to_with_organ()
        else:
            self._begin()
        refusal = self.chance.choice(("judicial", "statutory_route", "already_accepted", "finished"))
        self._add(
            "organ_not_accept" if by_organ else "not_accept",
            "organ" if by_organ else "lead",
            wait=before(6, self.chance),
            refusal=refusal,
            findings=said("refused", refusal, self.chance),
            authority="{county}" + said("refused_authority", refusal, self.chance),
            how_to_reach=said("refused_how", refusal, self.chance),
        )

    def _to_answered(self) -> None:
        self._begin()
        self._add("answer", wait=before(5, self.chance), role="clerk", reply=self._words("reply"))

    def _to_duty_done(self) -> None:
        if self.chance.random() < 0.5:
            self._to_handling()
        else:
            self._to_with_organ()
        self._add("fulfil_duty", "organ", wait=before(16, self.chance), reply=self._words("duty"))

    def _to_conciliated(self) -> None:
        by_organ = self.chance.random() < 0.5
        if by_organ:
            self._to_handling()
        else:
            self._begin()
        self._add(
            "organ_conciliate" if by_organ else "conciliate",
            "organ" if by_organ else "lead",
            wait=before(20 if by_organ else 7, self.chance),
            other_side=self._words("other_side"),
            agreement=self._words("agreement"),
        )

    def _to_imported(self) -> None:
        self._to_with_organ()
        procedure = self.chance.choice(("lawsuit", "arbitration", "reconsideration", "administrative"))
        self._add(
            "import_matter",
            "organ",
            wait=before(8, self.chance),
            procedure=procedure,
            authority="{county}" + said("imported_authority", procedure, self.chance),
            how_to_reach=said("imported_how", procedure, self.chance),
            basis=said("imported_basis", procedure, self.chance),
        )

    def _to_withdrawn(self) -> None:
        way = self.chance.choice((self._to_registered, self._to_received, self._to_with_organ))
        if self.purpose == "claim" and self.chance.random() < 0.2:
            way = self._to_handling
        way()
        self._add("withdraw", PERSON, wait=before(8, self.chance), why_withdrawn=self._words("why_withdrawn"))
