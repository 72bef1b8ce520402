"""What was asked, by section, in the reader's words."""

from dataclasses import dataclass

from qiaoqiao.casework.notices import fact_in_words
from qiaoqiao.casework.reading import CaseFile
from qiaoqiao.workbench.words import told_to_staff

LONG = 60


@dataclass(frozen=True)
class Fact:
    """One answer of the form; `own` when it is in the person's own words."""

    label: str
    value: str
    sensitive: bool
    own: bool


@dataclass(frozen=True)
class Part:
    title: str
    facts: tuple[Fact, ...]


def parts(file: CaseFile, language: str) -> list[Part]:
    """The sections of the form that were answered."""
    titles = {part.id: told_to_staff(part.title, language) for part in file.entry.form}
    named = file.named()
    return [
        Part(
            titles[section],
            tuple(
                Fact(
                    told_to_staff(one.label, language),
                    fact_in_words(one, file.case.facts.get(one.id), language, named=named),  # type: ignore[arg-type]
                    one.sensitive,
                    one.type in {"text", "longtext"},
                )
                for one in fields
            ),
        )
        for section, fields in file.asked()
    ]
