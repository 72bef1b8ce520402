"""Compiles every room's words (`locale/<language>/LC_MESSAGES/django.po`) for Django to read."""

import os
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOMS = Path(__file__).resolve().parents[1]


def compile_messages() -> int:
    """Compile what has changed and return how many files that were."""
    done = 0
    for source in sorted(ROOMS.glob("**/locale/*/LC_MESSAGES/django.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        with source.open("rb") as words:
            catalog = read_po(words, locale=source.parts[-3], abort_invalid=True)
        half = target.with_suffix(f".{os.getpid()}.half")  # several processes may compile at once
        with half.open("wb") as compiled:
            write_mo(compiled, catalog)
        half.replace(target)
        done += 1
    return done


def untranslated() -> dict[Path, list[str]]:
    """Return, for each file that lacks some, the messages nobody has translated yet."""
    missing = {}
    for source in sorted(ROOMS.glob("**/locale/*/LC_MESSAGES/django.po")):
        with source.open("rb") as words:
            catalog = read_po(words, locale=source.parts[-3], abort_invalid=True)
        empty = [str(message.id) for message in catalog if message.id and not all(as_texts(message.string))]
        if empty:
            missing[source.relative_to(ROOMS)] = empty
    return missing


def as_texts(translation: object) -> list[object]:
    """Return the forms of a translation: one, or several where there is a plural."""
    return list(translation) if isinstance(translation, list | tuple) else [translation]
