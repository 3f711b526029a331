"""``python fake_models.py FOLDER ...``: the command line, with FOLDER's models as those that ship.

A detector by energy takes a computed tone for speech, and its answers are there before any model
was trained.
"""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import Any

from voxtrait.runtime import loading, registry
from voxtrait.testing import fake_detector, fake_model

SHIPPED = {
    "voice-small": fake_model(("gender", "age")),
    "voice-tiny": fake_model(("gender", "age"), seed=1),
    "digit-small": fake_model(("digit",)),
    "digit-tiny": fake_model(("digit",), seed=1),
    "speech": fake_detector(),
}


def write(folder: Path) -> None:
    """Make the folder of models."""
    for name, content in SHIPPED.items():
        (folder / f"{name}.onnx").write_bytes(content)
    registry.write_checksums(folder)


def ship(folder: Path, put: Any = setattr) -> None:
    """Let the package find these models, and no others."""
    find, models = registry.find, registry.models
    for module in (loading, registry):
        put(module, "find", partial(find, folder=folder))
        put(module, "models", lambda where=folder: models(where))


if __name__ == "__main__":
    from voxtrait.cli.app import main

    ship(Path(sys.argv.pop(1)))
    raise SystemExit(main())
