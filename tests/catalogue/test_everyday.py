"""What people say for a service finds that service first, in the language they say it in."""

import pytest

from qiaoqiao.catalogue import loader
from qiaoqiao.catalogue.finding import find

MEANS_ANOTHER: dict[str, str] = {}
"""Phrases that two services say, and the one that is offered first; both are offered."""
SAYS_TOO_LITTLE = {"who can help me", "necesito ayuda", "preciso de ajuda"}
"""Phrases made of words that everybody uses for everything; nothing is guessed from them."""


@pytest.mark.parametrize("service", [entry.id for entry in loader.current()])
def test_everything_said_for_a_service_finds_it_first(service: str) -> None:
    said = loader.entry(service).everyday
    found = {
        phrase: [hit.entry.id for hit in find(phrase, language)]
        for language, phrases in said.items()
        for phrase in phrases
        if phrase not in SAYS_TOO_LITTLE
    }
    wrong = {
        phrase: hits[:3]
        for phrase, hits in found.items()
        if hits[:1] != [MEANS_ANOTHER.get(phrase, service)] or service not in hits
    }
    assert wrong == {}
