"""Tables of the relief fund: books, grants, payments, goods and rounds. Every row names its office."""

from .books import Account, Fund, GiveBack, JournalEntry, Posting, Source
from .grants import Assessment, Band, Grant, HomeVisit, PublicNotice, Review, Vote
from .paying import Payee, Payment, PaymentList
from .rounds import Lot, Round, StockMove, Stop

__all__ = [
    "Account",
    "Assessment",
    "Band",
    "Fund",
    "GiveBack",
    "Grant",
    "HomeVisit",
    "JournalEntry",
    "Lot",
    "Payee",
    "Payment",
    "PaymentList",
    "Posting",
    "PublicNotice",
    "Review",
    "Round",
    "Source",
    "StockMove",
    "Stop",
    "Vote",
]
