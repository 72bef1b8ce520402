"""Loads every room's `jobs.py`, as procrastinate loads every room's `reactions.py`."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class LedgerConfig(AppConfig):
    """The ledger; its `ready` runs after procrastinate's, so periodic tasks find their app."""

    name = "qiaoqiao.ledger"
    label = "ledger"

    def ready(self) -> None:
        autodiscover_modules("jobs")
