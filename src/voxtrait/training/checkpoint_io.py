"""Lightning's checkpoints, in files that nothing is unpickled from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lightning.fabric.plugins import CheckpointIO

from voxtrait.training.checkpoint import read_checkpoint, write_checkpoint

__all__ = ["SafeCheckpoints"]


class SafeCheckpoints(CheckpointIO):
    """Lightning's checkpoints, written and read by this module."""

    def save_checkpoint(
        self, checkpoint: dict[str, Any], path: str | Path, storage_options: object = None
    ) -> None:
        """Write ``path`` whole or not at all."""
        del storage_options
        write_checkpoint(Path(path), checkpoint)

    def load_checkpoint(
        self, path: str | Path, map_location: object = None, weights_only: bool | None = None
    ) -> dict[str, Any]:
        """Read what `save_checkpoint` wrote."""
        del map_location, weights_only
        return read_checkpoint(Path(path))

    def remove_checkpoint(self, path: str | Path) -> None:
        """Delete it, if it is there."""
        Path(path).unlink(missing_ok=True)
