"""Who asks: the questions about the applicant and a helper, and what becomes of the answers."""

from collections.abc import Mapping
from datetime import datetime

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from qiaoqiao.catalogue.entry import Entry
from qiaoqiao.parties.rules import IDENTITY_KINDS, Applicant, faults, tidy
from qiaoqiao.ui.countries import country_choices
from qiaoqiao.ui.entryforms import Answers, JudgedForm, plain
from qiaoqiao.ui.zones import zone_choices

PAPER_WORDS = {
    "passport": gettext_lazy("中国护照"),
    "resident_card": gettext_lazy("居民身份证"),
    "travel_document": gettext_lazy("旅行证或通行证"),
    "foreign_passport": gettext_lazy("外国护照"),
    "other": gettext_lazy("其他证件"),
}
RELATION_WORDS = {
    "relative": gettext_lazy("亲属"),
    "friend": gettext_lazy("朋友或邻居"),
    "lawyer": gettext_lazy("律师或受托人"),
    "station": gettext_lazy("侨胞之家、联络站工作人员"),
    "other": gettext_lazy("其他"),
}
# Kept with the mandate in Chinese, for the office that reads it.
EVIDENCE = {
    "in_person": gettext_noop("本人当面同意"),
    "by_phone": gettext_noop("本人在电话或视频里同意"),
    "in_writing": gettext_noop("有本人签名的委托书"),
    "guardian": gettext_noop("本人是未成年人，我是监护人"),
}
LONGEST_NAME = 100
WHO = (
    "name",
    "latin_name",
    "country",
    "timezone",
    "language",
    "email",
    "phone",
    "identity_kind",
    "identity_number",
)
HELPER = ("name", "country", "email", "phone", "relation", "evidence")


def _name(*, nameless: bool) -> forms.Field:
    hint = _("按证件上的写法，什么文字都可以。")
    if nameless:
        hint = _("不想具名的，姓名和联系方式可以空着；后面会问您是否匿名。匿名的，我们无法书面回复您。")
    return _line(_("姓名"), hint, required=not nameless, autocomplete="name")


class ApplicantForm(JudgedForm):
    """The person the request is about."""

    def __init__(
        self,
        answers: Answers,
        *,
        entry: Entry,
        language: str,
        at: datetime,
        faults: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(answers, faults)
        given = str(answers.get("timezone") or "")
        self.fields["filing_for"] = _radios(
            _("您为谁办？"), [("self", _("我自己")), ("other", _("别人，我帮忙填写"))]
        )
        self.fields["name"] = _name(nameless=may_stay_nameless(entry))
        self.fields["latin_name"] = _line(_("护照上的拼音或外文姓名"), required=False)
        self.fields["country"] = _select(_("现在住在哪个国家或地区"), country_choices(language))
        self.fields["timezone"] = _select(
            _("时区"), zone_choices(at, given), _("我们按您那里的时间写清楚每个期限。")
        )
        self.fields["language"] = _select(_("希望我们用哪种语言给您写信"), list(settings.LANGUAGES))
        self.fields["email"] = _line(
            _("电子邮件"),
            _("电子邮件和电话至少填一个。我们用它发送查询进度的验证码。"),
            required=False,
            autocomplete="email",
            kind="email",
        )
        self.fields["phone"] = _line(
            _("电话"),
            _("带上国家代码，例如 +58 412 555 0123。"),
            required=False,
            autocomplete="tel",
            kind="tel",
        )
        if entry.identity != "none":
            self._ask_identity(needed=entry.identity == "required")

    def _ask_identity(self, *, needed: bool) -> None:
        self.fields["identity_kind"] = _select(
            _("用哪种证件证明身份"), [("", _("请选择")), *PAPER_WORDS.items()], required=needed
        )
        self.fields["identity_number"] = _line(
            _("证件号码"), _("加密保存，只有办理您这件事的人看得到。"), required=needed
        )


class HelperForm(JudgedForm):
    """Whoever fills the form in for somebody else."""

    def __init__(self, answers: Answers, *, language: str, faults: Mapping[str, str] | None = None) -> None:
        super().__init__(answers, faults)
        self.fields["name"] = _line(_("您的姓名"), autocomplete="name")
        self.fields["country"] = _select(_("您住在哪个国家或地区"), country_choices(language), required=False)
        self.fields["email"] = _line(
            _("您的电子邮件"),
            _("电子邮件和电话至少填一个。"),
            required=False,
            autocomplete="email",
            kind="email",
        )
        self.fields["phone"] = _line(
            _("您的电话"),
            _("带上国家代码，例如 +86 138 0000 0000。"),
            required=False,
            autocomplete="tel",
            kind="tel",
        )
        self.fields["relation"] = _radios(_("您是他（她）的什么人"), list(RELATION_WORDS.items()))
        self.fields["evidence"] = _radios(
            _("他（她）怎样同意由您代办"), [(code, _(said)) for code, said in EVIDENCE.items()]
        )


class RepresentativesForm(JudgedForm):
    """Those who speak for many who ask together."""

    def __init__(self, answers: Answers, *, most: int, faults: Mapping[str, str] | None = None) -> None:
        super().__init__(answers, faults)
        for number in range(1, most + 1):
            self.fields[f"name_{number}"] = _line(_("第 %(n)d 位代表的姓名") % {"n": number}, required=False)


def _line(
    label: str, hint: str = "", *, required: bool = True, autocomplete: str = "", kind: str = "text"
) -> forms.Field:
    attributes = {"autocomplete": autocomplete} if autocomplete else {}
    if kind != "text":
        attributes["inputmode"] = kind
    return forms.CharField(label=label, help_text=hint, required=required, widget=forms.TextInput(attributes))


def _select(
    label: str, choices: list[tuple[str, object]], hint: str = "", *, required: bool = True
) -> forms.Field:
    return forms.ChoiceField(label=label, help_text=hint, choices=choices, required=required)


def _radios(label: str, choices: list[tuple[str, object]]) -> forms.Field:
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect)


# --- what was answered -----------------------------------------------------------------------------


def read(names: tuple[str, ...], sent: QueryDict) -> dict[str, object]:
    """The named answers as they were typed."""
    return {name: plain(sent.get(name, "")) for name in names if sent.get(name, "").strip()}


def applicant_of(answers: Answers) -> Applicant:
    """The applicant that these answers describe, tidied."""
    given = {name: str(answers.get(name) or "") for name in WHO}
    given["timezone"] = given["timezone"] or "-"
    return tidy(Applicant(**given))


def may_stay_nameless(entry: Entry) -> bool:
    """Whether the entry lets somebody ask without a name; its own question settles that later."""
    return any(field.id == "anonymous" for field in entry.fields)


def applicant_faults(answers: Answers, entry: Entry) -> dict[str, str]:
    """What is wrong with the answers about the applicant, by field."""
    filing_for = answers.get("filing_for")
    given = dict(answers) | {"language": answers.get("language") or "zh-hans"}
    found = faults(applicant_of(given), reachable=filing_for != "other", identity=entry.identity)
    if may_stay_nameless(entry):
        found = {name: fault for name, fault in found.items() if fault != "missing"}
    found |= {name: "missing" for name in ("country", "timezone") if not answers.get(name)}
    if filing_for not in {"self", "other"}:
        found["filing_for"] = "missing"
    if entry.identity == "required" and answers.get("identity_kind") not in IDENTITY_KINDS:
        found["identity_kind"] = "missing"
    return {name: _contact_words(fault, name) for name, fault in found.items()}


def helper_of(answers: Answers, language: str) -> Applicant:
    """The helper that these answers describe, tidied; they read the language of the page they filled in."""
    given = {name: str(answers.get(name) or "") for name in ("name", "country", "email", "phone")}
    return tidy(Applicant(**given, language=language))


def helper_faults(answers: Answers) -> dict[str, str]:
    """What is wrong with the answers about the helper, by field."""
    found = dict(faults(helper_of(answers, "zh-hans"), reachable=True, identity="none"))
    for name, known in (("relation", RELATION_WORDS), ("evidence", EVIDENCE)):
        if answers.get(name) not in known:
            found[name] = "missing"
    return {name: _contact_words(fault, name) for name, fault in found.items()}


def _contact_words(fault: str, name: str) -> str:
    if name == "email" and fault == "missing":
        return _("请填写电子邮件或电话，至少一个。不然我们无法告诉您结果。")
    return fault


def evidence_in_chinese(answers: Answers) -> str:
    with translation.override("zh-hans"):
        return _(EVIDENCE[str(answers["evidence"])]) if answers.get("evidence") in EVIDENCE else ""


def representatives_of(answers: Answers) -> tuple[str, ...]:
    """The names given, in order, without the boxes left empty."""
    given = (
        " ".join(str(value).split()) for name, value in sorted(answers.items()) if name.startswith("name_")
    )
    return tuple(name for name in given if name)
