"""Recipe tables: a wrong key or value is answered with its dotted path and the nearest name."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from voxtrait.errors import RecipeError
from voxtrait.training.table import build


@dataclass(frozen=True)
class Inner:
    size: int = 1
    shares: tuple[float, ...] = ()
    span: tuple[float, float] = (0.0, 1.0)

    def __post_init__(self) -> None:
        if self.size < 0:
            raise ValueError("size is below 0")


@dataclass(frozen=True)
class Outer:
    name: str
    quick: bool = False
    inner: Inner = field(default_factory=Inner)
    weights: dict[str, float] = field(default_factory=dict)


def test_a_table_becomes_a_dataclass_with_the_declared_types() -> None:
    made = build(
        Outer,
        {"name": "a", "inner": {"size": 3, "shares": [1, 0.5]}, "weights": {"x": 2}},
    )
    assert made == Outer("a", inner=Inner(3, (1.0, 0.5)), weights={"x": 2.0})
    assert isinstance(made.weights["x"], float)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({}, "lacks name"),
        ({"name": 3}, r"name: 3 is not of type str"),
        ({"name": "a", "innr": {}}, r"innr: unknown key 'innr'.*Did you mean 'inner'"),
        ({"name": "a", "inner": {"sise": 1}}, r"inner\.sise: unknown key.*'size'"),
        ({"name": "a", "inner": {"size": True}}, r"inner\.size: True is not of type int"),
        ({"name": "a", "inner": {"size": 1.5}}, r"inner\.size: 1\.5 is not of type int"),
        ({"name": "a", "inner": {"shares": 1}}, r"inner\.shares: 1 is not a list"),
        ({"name": "a", "inner": {"shares": ["x"]}}, r"inner\.shares\[0\]: 'x'"),
        ({"name": "a", "inner": {"span": [1]}}, r"inner\.span: \[1\] is not a list of 2"),
        ({"name": "a", "inner": 3}, r"inner: 3 is not a table"),
        ({"name": "a", "inner": {"size": -1}}, r"inner\.size is below 0"),
        ({"name": "a", "weights": {"x": "y"}}, r"weights\.x: 'y'"),
    ],
)
def test_what_is_wrong_is_named_by_its_dotted_key(table: dict, message: str) -> None:
    with pytest.raises(RecipeError, match=message):
        build(Outer, table)
