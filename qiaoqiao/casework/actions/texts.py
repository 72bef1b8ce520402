"""An office's standard texts: wordings it uses again and again."""

from django.db import transaction

from qiaoqiao.casework.models import StandardText

LONGEST_TITLE, LONGEST_BODY = 60, 2000


class TextRefused(Exception):
    """A standard text lacks something or is too long; `faults` by field: `missing` or `too_long`."""

    def __init__(self, faults: dict[str, str]) -> None:
        self.faults = faults
        super().__init__(str(faults))


@transaction.atomic
def keep_text(office_id: int, *, title: str, body: str, service: str = "") -> StandardText:
    """Keep a wording for an office, in place of its earlier one of that title. Raises TextRefused."""
    given = {"title": (title, LONGEST_TITLE), "body": (body, LONGEST_BODY)}
    tidy = {name: text.replace("\x00", "").strip() for name, (text, _most) in given.items()}
    faults = {name: "missing" for name, text in tidy.items() if not text}
    faults |= {name: "too_long" for name, (_text, most) in given.items() if len(tidy[name]) > most}
    if faults:
        raise TextRefused(faults)
    kept, _made = StandardText.objects.update_or_create(
        office_id=office_id, title=tidy["title"], defaults={"body": tidy["body"], "service": service}
    )
    return kept


@transaction.atomic
def drop_text(office_id: int, text_id: int) -> bool:
    """Forget an office's wording; False when it has none of that id."""
    gone, _rows = StandardText.objects.filter(office=office_id, pk=text_id).delete()
    return gone > 0
