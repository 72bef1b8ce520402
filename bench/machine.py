"""Which machine and which state of the code a figure belongs to."""

import os
import platform
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from django.conf import settings


@dataclass(frozen=True)
class Spread:
    """The least, the middle and the most of a figure over several rounds."""

    least: float
    middle: float
    most: float

    def __str__(self) -> str:
        return f"{self.middle:,.1f} ({self.least:,.1f} to {self.most:,.1f})"


def spread(values: Sequence[float]) -> Spread:
    return Spread(min(values), median(values), max(values))


def machine() -> dict[str, str]:
    """The processor, the cores, the commit, and how busy the machine was with other work beforehand."""
    return {
        "processor": processor(),
        "cores": str(os.cpu_count()),
        "system": f"{platform.system()} {platform.release()}, Python {platform.python_version()}",
        "commit": commit(),
        "load before": ", ".join(f"{load:.1f}" for load in os.getloadavg()),
    }


def processor() -> str:
    about = Path("/proc/cpuinfo")
    lines = about.read_text().splitlines() if about.exists() else []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.processor() or platform.machine())


def commit() -> str:
    """The commit, marked when files differ from it; "unknown" outside a git work tree."""
    command = ("git", "describe", "--always", "--dirty=+changed", "--exclude=*")
    try:
        done = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return done.stdout.strip()
