"""Models measured through the runtime's own predictor, by speaker and by group.

>>> import voxtrait
>>> from voxtrait.evaluation import build, score, write
>>> rows = score(voxtrait.load("gender"), manifest, traits=["gender"])
>>> write(build(rows, split="test"), Path("report"))
"""

from __future__ import annotations

from voxtrait.evaluation.compare import Comparison, compare
from voxtrait.evaluation.distortion import Distortion
from voxtrait.evaluation.measured import measured
from voxtrait.evaluation.report import build, write
from voxtrait.evaluation.scored import Scored, read_rows, write_rows
from voxtrait.evaluation.scoring import score
from voxtrait.evaluation.speakers import by_speaker

__all__ = [
    "Comparison",
    "Distortion",
    "Scored",
    "build",
    "by_speaker",
    "compare",
    "measured",
    "read_rows",
    "score",
    "write",
    "write_rows",
]
