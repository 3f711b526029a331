"""Augmentation of features as examples are drawn: another cut, noise and band each time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from voxtrait.training.masks import mask, narrow, pass_band
from voxtrait.training.mixing import mix
from voxtrait.training.reverberation import reverberate
from voxtrait.training.surroundings import surround, trim

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from voxtrait.training.settings import FitSettings

__all__ = ["FeatureAugment"]


@dataclass(frozen=True)
class FeatureAugment:
    """What the ``[fit]`` table does to an example, in the order of nature.

    What was prepared holds each recording in a few copies; with these changes every draw of one is
    another example.

    Args:
        fit: how likely each change is.
        noise: draws one to mix with, ``[frames, bands]``; ``None`` where there is none.
    """

    fit: FitSettings
    noise: Callable[[np.random.Generator], NDArray[np.float32]] | None

    def __call__(
        self, example: NDArray[np.float32], rng: np.random.Generator
    ) -> NDArray[np.float32]:
        """The example ``[frames, bands]`` changed, of as many frames or others; may be in place."""
        fit = self.fit
        kept = slice(None)
        if fit.narrow and rng.random() < fit.narrow:
            kept = pass_band(example.shape[1], rng)
            narrow(example, kept)  # first: what a line takes away decides where a word is cut
        if fit.trim and rng.random() < fit.trim:
            example = trim(example, rng)
        if fit.surround and rng.random() < fit.surround:
            example = surround(example, rng)
        if fit.reverberate and rng.random() < fit.reverberate:
            example = reverberate(example, rng)
        if fit.mix and self.noise and rng.random() < fit.mix:
            noise = self.noise(rng)
            snr_db = rng.uniform(*fit.mix_snr_db)
            example = mix(example, noise, snr_db, int(rng.integers(len(noise))))
        if kept.stop is not None:
            narrow(example, kept)  # again: the noise came down the same line
        mask(example, fit.mask_bands, fit.mask_frames, rng)
        return example
