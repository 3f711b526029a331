"""What figures were taken on."""

from __future__ import annotations

import importlib.metadata
import os
import platform
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["hardware", "machine"]


def machine() -> dict[str, Any]:
    """What the figures were taken on: no name of a person, a machine or a folder."""
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "processor": _processor(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        **{name: importlib.metadata.version(name) for name in ("numpy", "onnxruntime", "voxtrait")},
    }


def hardware(machine: Mapping[str, Any]) -> str:
    """Processor and cores of what `machine` gave, as ``"AMD EPYC, 2 cores"``."""
    return f"{machine['processor'] or machine['system']}, {machine['cores']} cores"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:  # not Linux
        return platform.processor()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor())
