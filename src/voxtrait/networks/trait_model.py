"""Front end, network and one head a trait: what becomes a model file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from torch import Tensor, nn

from voxtrait.features.level import normalise_level
from voxtrait.networks.layers import Level

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voxtrait.features.base import FrontEnd
    from voxtrait.networks.base import Network

__all__ = ["TraitModel"]


class TraitModel(nn.Module):
    """From a waveform to the logits of each trait.

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
        self.heads = nn.ModuleDict(
            {trait: nn.Linear(network.width, count) for trait, count in labels.items()}
        )

    def forward(self, waveform: Tensor, lengths: Tensor) -> tuple[Tensor, ...]:
        """See the class."""
        return self.from_features(*self.front_end(normalise_level(waveform, lengths), lengths))

    def from_features(self, features: Tensor, mask: Tensor) -> tuple[Tensor, ...]:
        """Logits of features ``[B, bands, T]`` and their mask; training starts here."""
        embedding = self.network(self.level(features, mask), mask)
        return tuple(head(embedding) for head in self.heads.values())
