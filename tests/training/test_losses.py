"""The ordered loss: near misses cost less, the truth costs least."""

from __future__ import annotations

import torch

from voxtrait.training.losses import ordered_loss, trait_loss
from voxtrait.traits import AGE, GENDER


def sure_of(label: int, labels: int = 6) -> torch.Tensor:
    logits = torch.zeros(1, labels)
    logits[0, label] = 4.0
    return logits


def test_being_wrong_by_more_labels_costs_more() -> None:
    costs = [float(ordered_loss(sure_of(guess), torch.tensor([1]))) for guess in range(1, 6)]
    assert costs == sorted(costs)
    assert costs[0] < 0.2 < costs[1] - costs[0]


def test_the_true_distribution_costs_least() -> None:
    truth = torch.tensor([0.1, 0.2, 0.3, 0.2, 0.15, 0.05])

    def expected(logits: torch.Tensor) -> float:
        costs = [ordered_loss(logits[None], torch.tensor([label])) for label in range(6)]
        return float(truth @ torch.stack(costs))

    best = expected(truth.log())
    generator = torch.Generator().manual_seed(0)
    for _ in range(50):
        assert expected(truth.log() + 0.3 * torch.randn(6, generator=generator)) > best


def test_rows_without_a_label_cost_nothing() -> None:
    logits = torch.randn(3, 2, requires_grad=True)
    some = trait_loss(GENDER, logits, torch.tensor([0, -100, 1]), 0.0)
    known = trait_loss(GENDER, logits[[0, 2]], torch.tensor([0, 1]), 0.0)
    torch.testing.assert_close(some, known)
    unknown = torch.randn(2, 6, requires_grad=True)
    trait_loss(AGE, unknown, torch.tensor([-100, -100]), 0.0).backward()
    torch.testing.assert_close(unknown.grad, torch.zeros(2, 6))
