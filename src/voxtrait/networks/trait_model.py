"""Front end, network and one head a trait: what becomes a model file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from torch import Tensor, nn

from voxtrait.features.level import normalise_level
from voxtrait.networks.layers import Level, PitchHead
from voxtrait.traits import TRAITS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voxtrait.features.base import FrontEnd
    from voxtrait.networks.base import Network

__all__ = ["TraitModel"]


class TraitModel(nn.Module):
    """From a waveform to the logits of each trait.

    Where the front end gives the pitch, an ordered trait (age) is answered twice: by the network,
    and by a linear layer on the statistics of the pitch. The logits are the mean of both: a product
    of experts (Hinton, 2002), whose sharpness is left to the calibration.

    Shape:
        waveform ``[B, samples]``, lengths ``[B]`` -> a tuple of logits ``[B, labels]``, one a trait

    Args:
        front_end: makes the features.
        network: makes an embedding of them.
        labels: trait name to the number of its labels, in the order of the outputs.
    """

    def __init__(self, front_end: FrontEnd, network: Network, labels: Mapping[str, int]) -> None:
        super().__init__()
        self.front_end = front_end
        self.level = Level()
        self.network = network
        self.dropout = nn.Dropout(network.dropout)
        self.heads = nn.ModuleDict(
            {trait: nn.Linear(network.width, count) for trait, count in labels.items()}
        )
        self.pitch_heads = nn.ModuleDict(
            {
                trait: PitchHead(count)
                for trait, count in labels.items()
                if front_end.pitch_features and TRAITS[trait].edges
            }
        )

    def forward(self, waveform: Tensor, lengths: Tensor) -> tuple[Tensor, ...]:
        """See the class."""
        return self.from_features(*self.front_end(normalise_level(waveform, lengths), lengths))

    def from_features(self, features: Tensor, mask: Tensor) -> tuple[Tensor, ...]:
        """Logits of features ``[B, bands + pitch, T]`` and their mask."""
        bands = self.front_end.bands
        levels = self.level(features[:, :bands], mask)
        logits = self.answers(self.network(levels, mask))
        for trait, head in self.pitch_heads.items():
            logits[trait] = (logits[trait] + head(levels, features[:, bands:], mask)) / 2
        return tuple(logits.values())

    def embedding(self, bands: Tensor, mask: Tensor) -> Tensor:
        """The network's embedding ``[B, width]`` of features without a pitch ``[B, bands, T]``.

        Training starts here; the pitch is added behind it, see `voxtrait.training.pitch_fit`.
        """
        embedding: Tensor = self.network(self.level(bands, mask), mask)
        return embedding

    def answers(self, embedding: Tensor) -> dict[str, Tensor]:
        """Each trait's logits by the network alone."""
        kept = self.dropout(embedding)
        return {trait: head(kept) for trait, head in self.heads.items()}
