"""What this house must never be able to hold: a score of somebody's risk, a face, a belief, a behaviour.

Read from the models and again from PostgreSQL's own catalogue, so that neither a field nor a bare column,
nor a column hidden in raw SQL, comes in unnoticed.
"""

import re
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection

FORBIDDEN = (
    "risk", "threat", "danger", "score", "scoring", "rating_of", "credit", "trust", "loyal", "reliab", "suspic",
    "watchlist", "blacklist", "alert_level", "profile", "profiling", "predict",
    "face", "facial", "biometr", "fingerprint_of", "iris", "voiceprint", "gait", "dna", "embedding", "vector",
    "belief", "religio", "faith", "church", "temple", "worship", "politic", "party_member", "ideolog", "opinion_of",
    "ethnic", "race", "racial", "caste", "nationality_group", "tribe", "sexual", "orientation",
    "behavio", "conduct", "lifestyle", "movement_of", "location_history", "browsing", "sentiment", "union_member",
)  # fmt: skip
"""Parts of English names. A column that only looks like one of them stands in ALLOWED with its reason."""

ALLOWED: dict[str, str] = {}
"""Columns whose type or name would be caught, and why they may stay."""

FOLDERS = [
    app.rpartition(".")[2]
    for app in settings.INSTALLED_APPS
    if app.count(".") == 2 and app[:9] == "qiaoqiao."
]
"""The apps of `community` and `services`."""
OUR_ROOMS = ("access", "casework", "catalogue", "ledger", "parties", *FOLDERS)
FORBIDDEN_TYPES = re.compile(r"^(vector|halfvec|sparsevec|cube|bit|real\[\]|double precision\[\]|bytea\[\])")
"""What faces and feature vectors are kept in; arrays of floats are nothing else."""

PERSONAL_PARTIES = {
    "parties_person", "parties_identity", "parties_mandate", "parties_file", "parties_filereach", "parties_name",
    "parties_document", "parties_citizenship", "parties_standing", "parties_address", "parties_contact",
    "parties_household", "parties_member", "parties_kin", "parties_need", "parties_visit", "parties_consent",
    "parties_change", "parties_batch", "parties_record", "parties_proposal", "parties_merge", "parties_filecode",
}  # fmt: skip
IMPERSONAL_PARTIES = {
    "parties_source": "names and columns of a roll, nothing of the people in it",
    "parties_training": "weights that a model learned, and of whom nothing",
}
"""Tables of the room without the wall, and why they need none."""


IMPERSONAL: dict[str, str] = {
    "appointments_schedule": "when an office can be met, public like opening hours",
    "appointments_slot": "the hours themselves and how many places are gone, not whose",
    "activities_plan": "what an organisation means to do in a year, nothing of people",
    "activities_planneditem": "a line of a plan, nothing of people",
    "activities_activity": "a public poster; who comes stands in tables of their own",
    "knowledge_finding": "words of published answers, by which they are found",
    "knowledge_vote": "yes or no to an edition; nobody is known",
    "alliance_offer": "what partners offer, as they announce it publicly",
    "network_organisation": "a public telephone book of organisations",
    "network_organisationpost": "names of post holders as organisations announce them",
}
"""Tables of `community` and `services` without the wall, and why they need none. All others have it."""


def fields() -> Iterator[tuple[str, str]]:
    """Every field of every model of ours, as table.column and the name in code."""
    for label in OUR_ROOMS:
        for model in apps.get_app_config(label).get_models(include_auto_created=True):
            for field in model._meta.local_fields:
                yield f"{model._meta.db_table}.{field.column}", field.name


def columns() -> list[tuple[str, str, str]]:
    """Every column of every table in PostgreSQL: table, column, type."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod) FROM pg_attribute a"
            " JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND a.attnum > 0"
            " AND NOT a.attisdropped AND c.relname NOT LIKE 'procrastinate%%' AND c.relname NOT LIKE 'django%%'"
        )
        return [(str(table), str(column), str(kind)) for table, column, kind in cursor.fetchall()]


def caught(name: str) -> list[str]:
    """The forbidden words that a name holds, at the beginning of one of its parts."""
    said = f"_{name.lower()}"
    return [word for word in FORBIDDEN if f"_{word}" in said]


@pytest.mark.parametrize(
    "name",
    ["risk", "risk_score", "trust_score", "face", "face_vector", "person_face", "religion", "political_party",
     "ethnicity", "race", "behaviour", "belief_group", "credit_points", "loyalty", "embedding"],
)  # fmt: skip
def test_the_list_catches_what_it_is_there_for(name: str) -> None:
    assert caught(name)


def test_words_of_every_day_are_not_caught() -> None:
    everyday = (
        "name",
        "standing",
        "surface",
        "place",
        "trace",
        "interface",
        "review_on",
        "origin",
        "need",
        "weight",
    )
    assert [name for name in everyday if caught(name)] == []


def test_no_field_holds_a_score_a_face_a_belief_or_a_behaviour(db: None) -> None:
    found = {where: caught(name) + caught(where.partition(".")[2]) for where, name in fields()}
    assert {where: why for where, why in found.items() if why and where not in ALLOWED} == {}


def test_no_column_and_no_table_in_postgresql_does_either(db: None) -> None:
    every = columns()
    assert {"parties_file", "parties_need", "casework_case"} <= {table for table, _column, _kind in every}
    wrong = {
        f"{table}.{column}": caught(column) + caught(table.partition("_")[2])
        for table, column, _kind in every
        if f"{table}.{column}" not in ALLOWED
    }
    assert {where: why for where, why in wrong.items() if why} == {}


def test_no_column_has_a_type_that_faces_are_kept_in(db: None) -> None:
    wrong = {f"{table}.{column}": kind for table, column, kind in columns() if FORBIDDEN_TYPES.match(kind)}
    assert {where: kind for where, kind in wrong.items() if where not in ALLOWED} == {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT extname FROM pg_extension")
        assert {name for (name,) in cursor.fetchall()} & {
            "vector",
            "cube",
            "pg_embedding",
            "vectors",
        } == set()


def test_the_tokens_of_a_file_name_no_belief_behaviour_or_risk() -> None:
    rules = vars(apps.get_app_config("parties").module.rules)  # type: ignore[union-attr]
    tokens = {
        token
        for value in rules.values()
        if isinstance(value, tuple | frozenset)
        for token in value
        if isinstance(token, str)
    }
    assert {"returnee", "illness", "handling"} <= tokens
    assert [token for token in tokens if caught(token)] == []


def test_every_table_of_the_registry_is_known_as_personal_or_not(db: None) -> None:
    tables = {model._meta.db_table for model in apps.get_app_config("parties").get_models()}
    assert tables == PERSONAL_PARTIES | IMPERSONAL_PARTIES.keys()


def test_every_personal_table_of_the_registry_forces_its_policies(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity AND relname LIKE 'parties%%'"
        )
        forced = {name for (name,) in cursor.fetchall()}
        cursor.execute("SELECT DISTINCT tablename FROM pg_policies WHERE cmd = 'SELECT'")
        readable = {name for (name,) in cursor.fetchall()}
    assert PERSONAL_PARTIES - forced == set()
    assert PERSONAL_PARTIES - readable == set()


def test_every_other_table_of_community_and_services_forces_its_policies(db: None) -> None:
    tables = {m._meta.db_table for app in FOLDERS for m in apps.get_app_config(app).get_models(True)}
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity")
        forced = {name for (name,) in cursor.fetchall()}
    assert tables - forced == IMPERSONAL.keys()


def test_the_lists_of_exceptions_hold_no_more_than_they_must(db: None) -> None:
    every = {f"{table}.{column}" for table, column, _kind in columns()}
    assert ALLOWED.keys() - every == set()
    assert {where for where in ALLOWED if not caught(where.partition(".")[2])} == set()
    assert all(len(reason) > 10 for reason in (ALLOWED | IMPERSONAL_PARTIES | IMPERSONAL).values())
