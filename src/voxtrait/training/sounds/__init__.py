"""Sounds that no voice makes, computed: what recordings of noise are too few to hold.

Notes and chords, signals, sirens, blows, engines and gusts, each with everything about it drawn at
random. They have what a detector of speech listens for (harmonics, onsets, loud and quiet in turns)
without the way in which a mouth changes it.
"""

from __future__ import annotations

from voxtrait.training.sounds.choice import SOUNDS, computed_sound

__all__ = ["SOUNDS", "computed_sound"]
