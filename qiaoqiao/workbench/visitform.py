"""The form of a call at somebody's door: one for the household, one part for each person."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qiaoqiao.access.models import Office
from qiaoqiao.clock.rules import SHANGHAI
from qiaoqiao.parties import wording
from qiaoqiao.parties.actions.visiting import MOST_NOTE, MOST_WORDS, Heard, Round
from qiaoqiao.parties.models import Need
from qiaoqiao.parties.residents import Resident
from qiaoqiao.parties.rules import NEEDS, SENSITIVE_NEEDS, VISITS
from qiaoqiao.ui import fields
from qiaoqiao.ui.faults import fault_words

REVIEWS = {
    "1": gettext_lazy("一个月后"),
    "3": gettext_lazy("三个月后"),
    "6": gettext_lazy("半年后"),
    "12": gettext_lazy("一年后"),
}
LIVES_HERE = {"": gettext_lazy("没有问"), "yes": gettext_lazy("是"), "no": gettext_lazy("不住了")}
MOST_TYPED = 20_000
"""Longer than any answer may be, so that what is too long comes back whole beside its error."""


def in_months(day: date, months: int) -> date:
    """The same day so many months on, or the month's last where there is none."""
    count = day.month - 1 + months
    year, month = day.year + count // 12, count % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


class Words(forms.CharField):
    """Lines of text as they were typed, whichever way the browser wrote their ends."""

    def __init__(self, *, rows: bool = True, **more: Any) -> None:
        widget = forms.Textarea() if rows else forms.TextInput()
        super().__init__(required=False, max_length=MOST_TYPED, widget=widget, **more)

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n")


class BeijingMoment(forms.CharField):
    """A day and a time as a phone's own picker gives it, in Beijing."""

    widget = forms.DateTimeInput({"type": "datetime-local"})

    def clean(self, value: Any) -> Any:
        text = str(super().clean(value) or "")
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            raise ValidationError(_("请写成“年-月-日 时:分”，例如 2026-03-02 10:30。")) from None
        return moment.replace(second=0, microsecond=0, tzinfo=SHANGHAI)


class RoundForm(forms.Form):
    """What holds for the whole call."""

    kind = forms.ChoiceField(
        label=gettext_lazy("为什么去"),
        choices=[(one, wording.VISITS[one]) for one in VISITS],
        widget=forms.RadioSelect,
    )
    visited_at = BeijingMoment(label=gettext_lazy("什么时候去的（北京时间）"))
    companion = Words(
        rows=False,
        label=gettext_lazy("同去的人"),
        help_text=gettext_lazy("上门要两个人。写姓名和身份，例如：李梅，社区干部"),
    )
    review = forms.ChoiceField(
        label=gettext_lazy("下次什么时候核对"), choices=list(REVIEWS.items()), widget=forms.RadioSelect
    )


class PersonForm(forms.Form):
    """What was heard and seen of one person. The choices are what the file holds of them."""

    met = forms.BooleanField(label=gettext_lazy("见到了本人"), required=False)
    lives_here = forms.ChoiceField(
        label=gettext_lazy("还住在这里吗"),
        choices=list(LIVES_HERE.items()),
        required=False,
        widget=forms.RadioSelect,
    )
    over = forms.MultipleChoiceField(
        label=gettext_lazy("现有的需要：逐项问，已经解决的打勾"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    needs = forms.MultipleChoiceField(
        label=gettext_lazy("新提出的需要"), required=False, widget=forms.CheckboxSelectMultiple
    )
    note = Words(rows=False, label=gettext_lazy("具体需要什么"))
    gone = forms.MultipleChoiceField(
        label=gettext_lazy("电话：不再用的打勾"), required=False, widget=forms.CheckboxSelectMultiple
    )
    phone = Words(rows=False, label=gettext_lazy("新的电话"))
    said = Words(label=gettext_lazy("本人说了什么"), help_text=gettext_lazy("尽量用本人的原话"))
    found = Words(
        label=gettext_lazy("看到了什么"), help_text=gettext_lazy("只写看得见的事，不写猜测，不评价人")
    )

    def __init__(self, resident: Resident, *, number: str, data: QueryDict | None, first: bool) -> None:
        initial = {"met": first, "lives_here": ""}
        super().__init__(data, prefix=number, initial=initial)
        self.resident = resident
        open_kinds = {need.kind for need in resident.needs}
        fresh = [
            one
            for one in NEEDS
            if one not in open_kinds and (resident.sensitive or one not in SENSITIVE_NEEDS)
        ]
        sent = data.getlist(f"{number}-needs") if data is not None else []
        # What was ticked while a consent held is not thrown away: the action says what is missing.
        fresh += [one for one in NEEDS if one in sent and one not in fresh]
        self._offer("over", [(str(need.pk), need_words(need)) for need in resident.needs])
        self._offer("needs", [(one, wording.NEEDS[one]) for one in fresh])
        self._offer("gone", [(str(one.pk), one.value) for one in resident.phones])
        self.fields["phone"].widget.attrs |= {"inputmode": "tel", "autocomplete": "off"}

    def _offer(self, name: str, choices: list[tuple[str, Any]]) -> None:
        """Set a question's choices; what was ticked but has meanwhile ended no longer matters."""
        if not choices:
            del self.fields[name]
            return
        field = self.fields[name]
        field.choices = choices  # type: ignore[attr-defined]
        field.valid_value = lambda _value: True  # type: ignore[attr-defined]

    @property
    def who(self) -> str:
        return who_words(self.resident)

    def heard(self) -> Heard:
        """The part as the action takes it."""
        said = self.cleaned_data
        ended = (*said.get("over", ()), *said.get("gone", ()))
        return Heard(
            file_id=self.resident.file.pk,
            said=said["said"],
            found=said["found"],
            needs=tuple((kind, said["note"]) for kind in said.get("needs", ())),
            ended=tuple(row for one in ended if (row := row_of(one))),
            lives_here={"yes": True, "no": False}.get(said["lives_here"]),
            phone=said["phone"].replace(" ", ""),
        )

    @property
    def has_words(self) -> bool:
        """Whether anything at all was said of this person."""
        names = ("met", "lives_here", "over", "needs", "note", "gone", "phone", "said", "found")
        said = getattr(self, "cleaned_data", {})
        return bool(self.errors) or any(said.get(name) for name in names)


def row_of(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def who_words(resident: Resident) -> str:
    """Enough to know somebody by at the door."""
    year = resident.file.born[:4]
    known = (
        wording.said(wording.RELATIONS, resident.relation),
        wording.said(wording.SEXES, resident.file.sex),
        _("%(year)s 年生") % {"year": year} if year else "",
        resident.home,
    )
    return " · ".join(filter(None, known))


def need_words(need: Need) -> str:
    name = wording.said(wording.NEEDS, need.kind)
    return _("%(need)s：%(note)s") % {"need": name, "note": need.note} if need.note else name


@dataclass(frozen=True)
class Sheet:
    """The whole form: the call, and each person in the order of the page."""

    call: RoundForm
    people: Sequence[PersonForm]

    @property
    def valid(self) -> bool:
        sound = [form.is_valid() for form in (self.call, *self.people)]  # every part says its faults
        return all(sound)

    @property
    def errors(self) -> list[tuple[str, str]]:
        """Every error with its place; a person's carry the name."""
        found = fields.summary(self.call) if self.call.is_bound else []
        for form in self.people:
            name = form.resident.file.name
            found += [
                (href, _("%(name)s：%(fault)s") % {"name": name, "fault": fault})
                for href, fault in (fields.summary(form) if form.is_bound else [])
            ]
        return found

    def heard(self) -> list[Heard]:
        """What was heard of those who were met or spoken of."""
        return [form.heard() for form in self.people if form.has_words]

    def round(self, key: str, office: Office) -> Round:
        said = self.call.cleaned_data
        day = said["visited_at"].date()
        review_on = in_months(day, int(said["review"]))
        return Round(key, said["kind"], said["visited_at"], office, said["companion"], review_on)

    def take(self, faults: dict[str, str]) -> str:
        """Put each fault of the action beside its field; return what belongs to none, in words."""
        by_file = {str(form.resident.file.pk): form for form in self.people}
        other = []
        for name, fault in faults.items():
            file_id, _dot, field = name.partition(".")
            form: forms.Form = by_file.get(file_id, self.call) if field else self.call
            field = field or {"review_on": "review"}.get(name, name)
            if field in form.fields:
                form.add_error(field, visit_words(fault, field, str(form.fields[field].label)))
            else:
                other.append(visit_words(fault, field, ""))
        return " ".join(other)


def visit_words(fault: str, field: str, label: str) -> str:
    """Say what is wrong with an answer of this form and what to do about it."""
    match fault:
        case "no_consent":
            return _(
                "患病、残疾、生活困难是敏感信息，要先有本人的单独同意才能记。请先登记同意，或去掉这几项再送；别的内容都还在。"
            )
        case "in_future":
            return _("走访时间在将来。请改成实际上门的时间。")
        case "too_far":
            return _("这次走访离现在太久，按所选的时间下次核对已经过了。请选更晚的核对时间。")
        case "twice":
            return _("两份档案已经合成一份。请重新打开这一页，把内容写在一处再送。")
        case "missing" if field == "people":
            return _("还没有写任何一个人。见到了谁，就在谁那里打勾。")
    longest = {"companion": 60, "note": MOST_NOTE}.get(field, MOST_WORDS)
    return fault_words(fault, label, field=field, most=longest)


def fresh_sheet(people: Sequence[Resident], *, at: datetime) -> Sheet:
    """An empty form for the people at a door."""
    now = at.astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M")
    call = RoundForm(initial={"kind": "routine", "visited_at": now, "review": "12"})
    forms_ = [
        PersonForm(one, number=one.file.number, data=None, first=place == 0)
        for place, one in enumerate(people)
    ]
    return Sheet(call, forms_)


def sent_sheet(people: Sequence[tuple[str, Resident]], data: QueryDict) -> Sheet:
    """The form as it came back; each part under the number it was made with."""
    parts = [PersonForm(one, number=number, data=data, first=False) for number, one in people]
    return Sheet(RoundForm(data), parts)
