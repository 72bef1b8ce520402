"""The batch: many records to clusters, on Splink; DuckDB on one machine, Spark for a province.

Named steps: encode the records, key them, let Splink block on the keys, compare every blocked pair once
(`comparing`), let Splink weigh the levels, cluster. Both engines run the same settings and the same comparing.
"""

import logging
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from itertools import chain, islice
from multiprocessing import get_context
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
from duckdb.func import PythonUDFType
from splink import Linker

from qiaoqiao.parties.linkage.clustering import clusters, joined
from qiaoqiao.parties.linkage.comparing import compare
from qiaoqiao.parties.linkage.features import DTYPE, Features, Row, encode
from qiaoqiao.parties.linkage.keys import Keyed, keys, once_each, shared
from qiaoqiao.parties.linkage.spark import EngineMissing, session
from qiaoqiao.parties.linkage.weighing import OPEN, SURE, Weights, pack, settings

SLICE = 5000
PAIRS_A_RECORD = 40
"""How many pairs a record may bring by its keys, repeated ones counted; beyond that the commonest keys go."""
MEMORY = "3GB"
"""What DuckDB may hold before it goes to disk."""

QUIET: dict[str, Any] = {"log_level": logging.ERROR, "validate_settings": False}
"""Splink's own check does not know a column without a side; tests check the settings instead."""

Progress = Callable[[str, float], None]
Slices = Iterator[list[Row]]


@dataclass(frozen=True)
class Linked:
    """What came of a batch: `people` and `sure` are cluster numbers by record; `pairs` the weighed ones."""

    people: Any
    sure: Any
    pairs: pa.Table
    compared: int


def link(
    slices: Slices, weights: Weights, *, engine: str = "duckdb", processes: int = 2, progress: Progress
) -> Linked:
    """Link records given in slices of rows. Raises EngineMissing for one that is not installed."""
    features, keyed = prepare(slices, processes=processes, progress=progress)
    progress("blocking", 0.0)
    run = {"duckdb": _on_duckdb, "spark": _on_spark}[engine]
    pairs, compared = run(features, keyed, weights, progress)
    progress("clustering", 0.0)
    return Linked(*_people(len(features), pairs), pairs, compared)


def prepare(slices: Slices, *, processes: int, progress: Progress) -> tuple[Features, Keyed]:
    """Encode and key all records, in several processes; one slice in this one."""
    found: list[tuple[Features, Keyed]] = []
    few = list(islice(slices, 2))
    done = map(_prepare, few) if len(few) < 2 else _in_processes(chain(few, slices), processes)
    for one in done:
        found.append(one)
        progress("reading", len(found) * SLICE)
    starts = np.cumsum([0, *(len(features) for features, _ in found)])
    places = np.concatenate([keyed.places + start for (_, keyed), start in zip(found, starts, strict=False)])
    hashes = np.concatenate([keyed.keys for _, keyed in found])
    features = np.concatenate([features for features, _ in found])
    found.clear()
    return features, shared(Keyed(places, hashes), pairs=PAIRS_A_RECORD * max(len(features), 1000))


def _in_processes(slices: Slices, processes: int) -> Iterator[tuple[Features, Keyed]]:
    """Prepare slices side by side, a few ahead of the processes and never the whole file."""
    waiting: deque[Future[tuple[Features, Keyed]]] = deque()
    with ProcessPoolExecutor(processes, mp_context=get_context("fork")) as pool:
        for part in slices:
            waiting.append(pool.submit(_prepare, part))
            if len(waiting) > 2 * processes:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _prepare(rows: list[Row]) -> tuple[Features, Keyed]:
    features = encode(rows)
    return features, once_each(keys(features))


def levels_of(left: pa.Array, right: pa.Array) -> pa.Array:
    """The packed levels of pairs of features, as both engines call it."""
    return pa.array(pack(compare(_features(left), _features(right))), type=pa.int64())


def _features(column: Any) -> Features:
    """Features of an Arrow column of fixed length bytes, without copying them one by one."""
    chunk = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if isinstance(chunk, pa.ChunkedArray):
        chunk = chunk.chunk(0)
    size = DTYPE.itemsize
    data = memoryview(chunk.buffers()[-1])
    if pa.types.is_fixed_size_binary(chunk.type):
        first = chunk.offset * size
    else:
        offsets = np.frombuffer(
            chunk.buffers()[1], dtype=np.int64 if pa.types.is_large_binary(chunk.type) else np.int32
        )
        first = int(offsets[chunk.offset])
    return np.frombuffer(data[first : first + len(chunk) * size], dtype=DTYPE)


def _table(features: Features, keyed: Keyed) -> pa.Table:
    """The records as both engines take them. `match_key` is where compared pairs carry their levels."""
    order = np.argsort(keyed.places, kind="stable")
    starts = np.searchsorted(keyed.places[order], np.arange(len(features) + 1))
    lists = pa.ListArray.from_arrays(pa.array(starts, pa.int32()), pa.array(keyed.keys[order], pa.int64()))
    blob = pa.FixedSizeBinaryArray.from_buffers(
        pa.binary(DTYPE.itemsize), len(features), [None, pa.py_buffer(features.tobytes())]
    ).cast(pa.binary())
    return pa.table(
        {
            "unique_id": pa.array(np.arange(len(features)), pa.int64()),
            "features": blob,
            "keys": lists,
            "match_key": pa.array(np.zeros(len(features), dtype=np.int64)),
        }
    )


# --- DuckDB --------------------------------------------------------------------------------------------------


def _on_duckdb(
    features: Features, keyed: Keyed, weights: Weights, progress: Progress
) -> tuple[pa.Table, int]:
    from splink import DuckDBAPI  # noqa: PLC0415  # Splink loads an engine's parts only when asked for it

    with duckdb.connect(config={"memory_limit": MEMORY, "threads": 2}) as base:
        base.execute("SET preserve_insertion_order = false")
        base.create_function("qq_levels", levels_of, ["BLOB", "BLOB"], "BIGINT", type=PythonUDFType.ARROW)
        base.register("given", _table(features, keyed))
        base.execute("CREATE TABLE records AS SELECT * FROM given")
        base.unregister("given")
        api = DuckDBAPI(connection=base)
        linker = Linker(api.register("records"), settings(weights, records=len(features)), **QUIET)
        blocked = linker.inference.compute_blocked_pairs_for_predict()
        progress("comparing", 0.0)
        base.execute(COMPARED.format(blocked=blocked.physical_name))
        linker.table_management.register_blocked_pairs_for_predict(api.register("compared"))
        progress("weighing", 0.0)
        weighed = linker.inference.predict(threshold_match_weight=OPEN * 2, warning_mode="never")
        pairs = base.sql(WEIGHED.format(weighed=weighed.physical_name)).to_arrow_table()
        ((compared,),) = base.execute("SELECT count(*) FROM compared").fetchall()
    return pairs, int(compared)


COMPARED = """
-- Every blocked pair once, with all its levels packed into match_key.
CREATE TABLE compared AS
SELECT b.join_key_l, b.join_key_r, qq_levels(l.features, r.features) AS match_key
FROM {blocked} b
JOIN records l ON l.unique_id = b.join_key_l
JOIN records r ON r.unique_id = b.join_key_r
"""
WEIGHED = """
-- What clustering and review need of Splink's predictions.
SELECT unique_id_l, unique_id_r, match_weight, match_key FROM {weighed}
"""


# --- Spark ---------------------------------------------------------------------------------------------------


def _on_spark(features: Features, keyed: Keyed, weights: Weights, progress: Progress) -> tuple[pa.Table, int]:
    with session() as spark:
        from pyspark.sql.functions import arrow_udf  # noqa: PLC0415  # `session` has told when it is not there
        from splink import SparkAPI  # noqa: PLC0415

        spark.udf.register("qq_levels", arrow_udf(levels_of, "bigint"))
        spark.createDataFrame(_table(features, keyed)).createOrReplaceTempView("records")
        api = SparkAPI(  # type: ignore[no-untyped-call]
            spark_session=spark,
            break_lineage_method="persist",
            register_udfs_automatically=False,
            num_partitions_on_repartition=spark.sparkContext.defaultParallelism * 2,
        )
        linker = Linker(api.register("records"), settings(weights, records=len(features)), **QUIET)
        blocked = linker.inference.compute_blocked_pairs_for_predict()
        progress("comparing", 0.0)
        select = COMPARED.split("AS\n", 1)[1].format(blocked=blocked.physical_name)
        spark.sql(select).persist().createOrReplaceTempView("compared")
        compared = spark.table("compared").count()
        linker.table_management.register_blocked_pairs_for_predict(api.register("compared"))
        progress("weighing", 0.0)
        weighed = linker.inference.predict(threshold_match_weight=OPEN * 2, warning_mode="never")
        pairs = spark.sql(WEIGHED.format(weighed=weighed.physical_name)).toArrow()
    return pairs, int(compared)


# --- people --------------------------------------------------------------------------------------------------


def _people(records: int, pairs: pa.Table) -> tuple[Any, Any]:
    """Clusters of all links, and clusters of the links that need no person."""
    one, other = pairs["unique_id_l"].to_numpy(), pairs["unique_id_r"].to_numpy()
    weight = pairs["match_weight"].to_numpy()
    linked = joined(records, one[weight > 0], other[weight > 0])
    near = linked[one] == linked[other]  # what links do not even reach cannot become one person
    one, other, weight = one[near], other[near], weight[near]
    people = clusters(records, zip(one.tolist(), other.tolist(), weight.tolist(), strict=True))
    same = people[one] == people[other]
    inside = zip(one[same].tolist(), other[same].tolist(), weight[same].tolist(), strict=True)
    return people, clusters(records, inside, strictness=SURE)


def sliced(rows: Iterator[Row]) -> Slices:
    """Rows in slices of SLICE."""
    part: list[Row] = []
    for row in rows:
        part.append(row)
        if len(part) == SLICE:
            yield part
            part = []
    if part:
        yield part


__all__: Sequence[str] = ("EngineMissing", "Linked", "levels_of", "link", "prepare", "sliced")
