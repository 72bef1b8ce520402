"""Spark for a batch: a session that says nothing on the console, keeps to the state folder, ends with the batch.

Where Spark runs is the setting `SPARK_MASTER`; without it spark-submit's own configuration decides, and without
that it is this machine. Every machine needs this product installed and the same environment.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from django.conf import settings


class EngineMissing(Exception):
    """Spark is wanted but cannot run; the message says what is missing."""


@contextmanager
def session() -> Iterator[Any]:
    """A Spark session for one batch. Raises EngineMissing without pyspark or without Java."""
    try:
        from pyspark import SparkContext  # noqa: PLC0415  # only where a province has it
        from pyspark.errors import PySparkRuntimeError  # noqa: PLC0415
        from pyspark.sql import SparkSession  # noqa: PLC0415
    except ImportError as why:
        raise EngineMissing("Spark is not installed: run `make spark`, and have Java 17 or later.") from why
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    try:
        context = SparkContext(conf=_wanted(), gateway=_java())
    except PySparkRuntimeError as why:
        raise EngineMissing("Spark did not start: it needs Java 17 or later (JAVA_HOME).") from why
    try:
        yield SparkSession(context)
    finally:
        context.stop()


@cache
def _java() -> Any:
    """Java, started once for this process. What it says goes into a file; errors of a job are raised anyway."""
    from pyspark.java_gateway import launch_gateway  # noqa: PLC0415

    conf = _wanted()
    with (settings.STATE_DIR / "spark" / "said.txt").open("w") as said:
        return launch_gateway(conf, {"stdout": said, "stderr": said})


def _wanted() -> Any:
    """The configuration. What Spark puts to disk goes into the state folder; it removes that when it stops."""
    from pyspark import SparkConf  # noqa: PLC0415

    folder = settings.STATE_DIR / "spark"
    folder.mkdir(parents=True, exist_ok=True)
    conf = SparkConf().setAppName("qiaoqiao link")
    conf.set("spark.local.dir", str(folder))
    conf.set("spark.sql.warehouse.dir", str(folder / "warehouse"))
    conf.set("spark.driver.extraJavaOptions", f"-Djava.io.tmpdir={folder} -Dderby.system.home={folder}")
    conf.set("spark.ui.enabled", "false")
    conf.set("spark.ui.showConsoleProgress", "false")
    conf.setIfMissing("spark.sql.shuffle.partitions", "16")
    if settings.SPARK_MASTER:
        conf.setMaster(settings.SPARK_MASTER)
    return conf
