"""Which digit was spoken, the perceived gender and the age of a voice.

>>> import voxtrait
>>> voxtrait.predict("recording.wav").gender.label
'female'
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

from voxtrait._version import __version__

if TYPE_CHECKING:
    from voxtrait.audio import read
    from voxtrait.errors import VoxtraitError
    from voxtrait.runtime import Answer, Predictor, load, predict

__all__ = [
    "Answer",
    "Predictor",
    "VoxtraitError",
    "__version__",
    "load",
    "predict",
    "read",
]

# onnxruntime looks up hosts and writes a database unless this is set before its first import.
if "ORT_DISABLE_TELEMETRY" not in os.environ:
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    if "onnxruntime" in sys.modules:
        import warnings

        warnings.warn(
            "onnxruntime was imported before voxtrait and may be sending telemetry. Import "
            "voxtrait first, or set ORT_DISABLE_TELEMETRY=1 in the environment.",
            RuntimeWarning,
            stacklevel=2,
        )

# Looked up when first asked for: importing voxtrait stays free of NumPy and onnxruntime.
_HOMES = {
    "Answer": "voxtrait.runtime",
    "Predictor": "voxtrait.runtime",
    "VoxtraitError": "voxtrait.errors",
    "load": "voxtrait.runtime",
    "predict": "voxtrait.runtime",
    "read": "voxtrait.audio",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'voxtrait' has no attribute {name!r}")
    import importlib

    value = getattr(importlib.import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
