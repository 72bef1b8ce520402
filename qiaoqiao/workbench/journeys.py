"""What a case belongs to (一件事), as its officers see it: the errand's name, and its other cases they may open."""

from qiaoqiao.casework.reading import CaseFile
from qiaoqiao.catalogue.composing import life_event
from qiaoqiao.catalogue.entry import words
from qiaoqiao.catalogue.loader import entry
from qiaoqiao.services.life_events.queries import around
from qiaoqiao.ui.places import name_of


def journey_of(file: CaseFile, language: str) -> dict[str, object]:
    """Name, reference and the other cases that this reader may see; empty for a case that stands alone."""
    legs = around(file.case.pk)
    if not legs:
        return {}
    others = [
        {
            "reference": leg.case.reference,
            "service": words(entry(leg.case.service, leg.case.edition).name, language),
            "office": name_of(leg.case.office.names, language),
        }
        for leg in legs
        if leg.case is not None and leg.case_id != file.case.pk
    ]
    journey = legs[0].journey
    return {
        "name": words(life_event(journey.event).event.name, language),
        "reference": journey.reference,
        "others": others,
    }
