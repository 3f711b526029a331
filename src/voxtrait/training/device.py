"""Where networks are trained."""

from __future__ import annotations

import torch

from voxtrait.errors import MissingDevice, UsageError

__all__ = ["pick_device"]


def pick_device(name: str) -> str:
    """Lightning's name of a device.

    Args:
        name: ``auto``, ``cpu``, ``cuda`` or ``mps``.

    Raises:
        UsageError: no such name.
        MissingDevice: it is not on this machine.
    """
    there = {
        "cpu": True,
        "cuda": torch.cuda.is_available(),
        "mps": torch.backends.mps.is_available(),
    }
    if name == "auto":
        return next(device for device in ("cuda", "mps", "cpu") if there[device])
    if name not in there:
        raise UsageError(f"There is no device {name!r}.", f"Give auto, {', '.join(there)}.")
    if not there[name]:
        raise MissingDevice(
            f"There is no {name!r} device on this machine.",
            f"Use --device {' or '.join(device for device, here in there.items() if here)}.",
        )
    return name
