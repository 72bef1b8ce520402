"""Tables: who asks, the file of each person, where its facts came from, what links them, what the person may ask."""

from .files import (
    Address,
    Citizenship,
    Contact,
    Document,
    File,
    FileReach,
    Household,
    Kin,
    Member,
    Name,
    Need,
    Standing,
    Visit,
)
from .linking import Merge, Proposal, Training
from .people import Identity, Mandate, Person
from .rights import Change, Consent, FileCode
from .sources import Batch, Record, Source

__all__ = [
    "Address",
    "Batch",
    "Change",
    "Citizenship",
    "Consent",
    "Contact",
    "Document",
    "File",
    "FileCode",
    "FileReach",
    "Household",
    "Identity",
    "Kin",
    "Mandate",
    "Member",
    "Merge",
    "Name",
    "Need",
    "Person",
    "Proposal",
    "Record",
    "Source",
    "Standing",
    "Training",
    "Visit",
]
