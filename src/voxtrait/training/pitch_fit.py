"""The linear layers on the statistics of the pitch, solved rather than trained."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from voxtrait.features import PitchStatistics
from voxtrait.networks.layers import PitchHead
from voxtrait.training.example_reader import ExampleReader
from voxtrait.training.losses import MISSING, ordered_loss
from voxtrait.training.sampler import draw_weights

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from voxtrait.networks import TraitModel
    from voxtrait.training.prepared import Prepared
    from voxtrait.training.recipe import Recipe

__all__ = ["fit_pitch_heads"]

# Of the squared weights of standardised statistics beside the mean loss; of the biases too, since
# that of a label which nobody has would fall without end.
RIDGE = 0.003
TOGETHER = 64  # examples
STEPS = 200


def fit_pitch_heads(
    model: TraitModel, prepared: Prepared, recipe: Recipe, chosen: NDArray[np.bool_]
) -> None:
    """Find the weights of each `PitchHead` that its examples are answered best with, in place.

    The loss has one minimum, which L-BFGS finds in a second; the network's training is the same
    with and without. Examples count as often as training draws them.

    Args:
        model: on the processor.
        prepared: the examples.
        recipe: whose labels and weights.
        chosen: which examples are trained on, ``[examples]``.
    """
    if not model.pitch_heads:
        return
    reader = ExampleReader(prepared, recipe, chosen)
    weights = torch.from_numpy(
        draw_weights(reader.rows, reader.index, recipe.traits, recipe.sample)
    )
    statistics, targets = _statistics(model, reader)
    for trait, head in model.pitch_heads.items():
        used = (targets[trait] != MISSING) & (weights > 0)
        if not bool(used.any()):
            continue
        assert isinstance(head, PitchHead)
        shares = weights[used] / weights[used].sum()
        _solve(head.answer, statistics[used], targets[trait][used], shares)


def _statistics(model: TraitModel, reader: ExampleReader) -> tuple[Tensor, dict[str, Tensor]]:
    """Of every example: statistics ``[examples, width]``, and label numbers by trait."""
    count, bands = len(reader.index), model.front_end.bands
    statistics = PitchStatistics()
    made = torch.zeros(count, statistics.width, dtype=torch.float64)
    targets = {trait: torch.full((count,), MISSING) for trait in model.pitch_heads}
    for numbers in reader.by_length(TOGETHER):
        pieces = [reader.whole(int(number)) for number in numbers]
        batch = reader.batch(pieces, [reader.features(piece) for piece in pieces])
        with torch.inference_mode():
            levels = model.level(batch.features[:, :bands], batch.mask)
            found = statistics(levels, batch.features[:, bands:], batch.mask)
        made[numbers] = found.double()
        for trait, labels in targets.items():
            labels[numbers] = batch.targets[trait]
    return made, targets


def _solve(layer: nn.Linear, statistics: Tensor, targets: Tensor, weights: Tensor) -> None:
    """Fit the layer to statistics ``[examples, width]``, each with its label and weight."""
    mean = (weights[:, None] * statistics).sum(dim=0)
    spread = (weights[:, None] * (statistics - mean).square()).sum(dim=0).sqrt() + 1e-6
    standard = (statistics - mean) / spread
    weight = torch.zeros_like(layer.weight, dtype=torch.float64, requires_grad=True)
    bias = torch.zeros_like(layer.bias, dtype=torch.float64, requires_grad=True)
    solver = torch.optim.LBFGS([weight, bias], max_iter=STEPS, line_search_fn="strong_wolfe")

    def loss() -> Tensor:
        solver.zero_grad()
        logits = standard @ weight.T + bias
        size = weight.square().sum() + bias.square().sum()
        found = ordered_loss(logits, targets, weights) + RIDGE * size
        torch.autograd.backward(found)
        return found

    solver.step(loss)  # type: ignore[no-untyped-call]
    with torch.no_grad():  # for statistics as they are
        layer.weight.copy_(weight / spread)
        layer.bias.copy_(bias - weight @ (mean / spread))
