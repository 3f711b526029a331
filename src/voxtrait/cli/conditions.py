"""Options that say under what conditions a model is measured besides the clean one."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

__all__ = ["Codec", "CodecOption", "NoiseSnr", "Room", "Seconds"]


class Codec(StrEnum):
    """What recordings can be sent through."""

    TELEPHONE = "telephone"


NoiseSnr = Annotated[
    list[float] | None,
    typer.Option(metavar="DB", help="Also with noise at this ratio; may be repeated."),
]
Room = Annotated[bool, typer.Option("--room", help="Also as heard in rooms.")]
Seconds = Annotated[
    list[float] | None,
    typer.Option(metavar="S", help="Also cut to the loudest S seconds; may be repeated."),
]
CodecOption = Annotated[Codec | None, typer.Option(help="Also through this codec.")]
