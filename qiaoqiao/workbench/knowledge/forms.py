"""The form of an answer: question and answer in five languages, its sources, its validity."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _

from qiaoqiao.access.models import Office
from qiaoqiao.catalogue.entry import words
from qiaoqiao.catalogue.loader import current
from qiaoqiao.community.knowledge.rules import (
    CONFIDENCES,
    LANGUAGES,
    LONGEST_ANSWER,
    LONGEST_QUESTION,
    TOPICS,
    Content,
)
from qiaoqiao.community.knowledge.wording import CONFIDENCE_WORDS, TOPIC_WORDS
from qiaoqiao.ui.forms import DateField

CHINESE = "zh-Hans"
MOST_SOURCES = 3


class AnswerForm(forms.Form):
    """An answer as its office writes it; Chinese is needed, the other languages may follow."""

    def __init__(
        self, data: Any, *, offices: Sequence[Office], language: str, initial: dict[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial=initial or {})
        if offices:
            named = [(office.pk, words(office.names, language)) for office in offices]
            self.fields["office"] = forms.TypedChoiceField(label=_("单位"), coerce=int, choices=named)
        names = dict(settings.LANGUAGES)
        for tag in LANGUAGES:
            said = {"language": names[tag.lower()]}
            self.fields[f"question_{tag}"] = forms.CharField(
                label=_("问题（%(language)s）") % said, max_length=LONGEST_QUESTION, required=tag == CHINESE
            )
            self.fields[f"answer_{tag}"] = forms.CharField(
                label=_("答复（%(language)s）") % said,
                max_length=LONGEST_ANSWER,
                required=tag == CHINESE,
                widget=forms.Textarea({"rows": 4}),
            )
        self.fields["phrases"] = forms.CharField(
            label=_("别的问法"),
            required=False,
            widget=forms.Textarea({"rows": 3}),
            help_text=_("一行一种，任何语言。只用来查找，不显示。"),
        )
        self._ask_sources()
        self.fields["topics"] = forms.MultipleChoiceField(
            label=_("属于哪些事情"),
            choices=[(one, TOPIC_WORDS[one]) for one in TOPICS],
            widget=forms.CheckboxSelectMultiple(),
        )
        self.fields["services"] = forms.MultipleChoiceField(
            label=_("和哪些事项有关"),
            required=False,
            choices=[(one.id, words(one.name, language)) for one in current()],
            widget=forms.CheckboxSelectMultiple(),
        )
        self.fields["valid_from"] = DateField(label=_("从哪天起"))
        self.fields["valid_until"] = DateField(label=_("到哪天为止"), required=False)

    def _ask_sources(self) -> None:
        for number in range(1, MOST_SOURCES + 1):
            facts = {"n": number}
            self.fields[f"source_{number}"] = forms.CharField(
                label=_("依据 %(n)s：文件名称") % facts, max_length=120, required=number == 1
            )
            self.fields[f"article_{number}"] = forms.CharField(
                label=_("依据 %(n)s：第几条") % facts, max_length=60, required=False
            )
            self.fields[f"confidence_{number}"] = forms.ChoiceField(
                label=_("依据 %(n)s：有多大把握") % facts,
                required=False,
                choices=[(one, CONFIDENCE_WORDS[one]) for one in CONFIDENCES],
            )

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if (
            given.get("valid_until")
            and given.get("valid_from")
            and given["valid_until"] < given["valid_from"]
        ):
            self.add_error("valid_until", _("结束的日子不能早于开始的日子。"))
        return given

    def content(self) -> Content:
        """What was filled in, as the actions want it."""
        given = self.cleaned_data
        sources = [
            {
                "title": given[f"source_{number}"],
                "article": given[f"article_{number}"],
                "confidence": given[f"confidence_{number}"] or CONFIDENCES[-1],
            }
            for number in range(1, MOST_SOURCES + 1)
            if given[f"source_{number}"]
        ]
        lines = [one.strip() for one in given["phrases"].splitlines() if one.strip()]
        return Content(
            questions={tag: given[f"question_{tag}"] for tag in LANGUAGES if given[f"question_{tag}"]},
            answers={tag: given[f"answer_{tag}"] for tag in LANGUAGES if given[f"answer_{tag}"]},
            phrases={"any": lines} if lines else {},
            sources=sources,
            valid_from=given["valid_from"],
            valid_until=given["valid_until"],
            topics=given["topics"],
            services=given["services"],
        )


def filled_from(content: Content) -> dict[str, Any]:
    """The form's beginning for an answer that is there."""
    said: dict[str, Any] = {f"question_{tag}": text for tag, text in content.questions.items()}
    said |= {f"answer_{tag}": text for tag, text in content.answers.items()}
    for number, one in enumerate(content.sources[:MOST_SOURCES], 1):
        said |= {
            f"source_{number}": one["title"],
            f"article_{number}": one.get("article", ""),
            f"confidence_{number}": one["confidence"],
        }
    return said | {
        "phrases": "\n".join(phrase for phrases in content.phrases.values() for phrase in phrases),
        "topics": content.topics,
        "services": content.services,
        "valid_from": content.valid_from,
        "valid_until": content.valid_until,
    }
