"""Choosing a country: the usual ones first, then all."""

from django.utils.translation import gettext as _

from qiaoqiao.lib.countries import names

FIRST = "CN VE BR CL US CA AU GB ES PT FR VN ID MY SG TH MM PH HK MO TW".split()
"""Those the articles speak of, and where most people of the two cities live: named before the whole list."""


def country_choices(language: str) -> list[tuple[str, object]]:
    """Choices for a select: the usual ones first, then all, each group with its name."""
    every = names(language)
    return [
        ("", _("请选择")),
        (_("常见"), [(code, every[code]) for code in FIRST]),
        (_("全部国家和地区"), [(code, name) for code, name in every.items() if code not in FIRST]),
    ]
