"""Where networks are trained."""

from __future__ import annotations

import torch

from voxtrait.errors import MissingDevice, UsageError

__all__ = ["DEVICES", "pick_device"]

DEVICES = ("auto", "cpu", "cuda", "mps")


def pick_device(name: str) -> str:
    """Lightning's name of a device.

    Args:
        name: one of `DEVICES`.

    Raises:
        UsageError: no such name.
        MissingDevice: it is not on this machine.
    """
    if name not in DEVICES:
        raise UsageError(f"There is no device {name!r}.", f"Give {', '.join(DEVICES)}.")
    there = {
        "cpu": True,
        "cuda": torch.cuda.is_available(),
        "mps": torch.backends.mps.is_available(),
    }
    if name == "auto":
        return next(device for device in ("cuda", "mps", "cpu") if there[device])
    if not there[name]:
        raise MissingDevice(
            f"There is no {name!r} device on this machine.",
            f"Use --device {' or '.join(device for device, here in there.items() if here)}.",
        )
    return name
