"""On what the figures were taken: a figure without its machine says little."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version
from pathlib import Path

import psutil

LIBRARIES = ("fastapi", "lightgbm", "numpy", "pydantic", "sqlalchemy", "uvicorn")


def machine_line() -> str:
    """Describe cores, memory, interpreter and libraries in one line."""
    memory_gb = psutil.virtual_memory().total / 1e9
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return (
        f"{os.cpu_count()} cores ({_processor()}), {memory_gb:.0f} GB, {platform.system()} "
        f"{platform.release()}, Python {platform.python_version()}, {libraries}"
    )


def load_line() -> str:
    """Say how busy the machine was with other work."""
    return f"load average {os.getloadavg()[0]:.1f} at the start"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
