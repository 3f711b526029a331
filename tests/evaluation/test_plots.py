from __future__ import annotations

import struct
import sys
from pathlib import Path

import pytest

from voxtrait.errors import MissingExtra
from voxtrait.evaluation.plots import draw
from voxtrait.evaluation.report import build


@pytest.fixture(scope="module")
def report(voices):
    return build(voices, split="test", draws=20)


def test_three_pictures_are_drawn_for_a_trait(tmp_path: Path, report) -> None:
    pytest.importorskip("matplotlib", reason="the evaluate extra is not installed")
    paths = draw(report, tmp_path)
    assert [path.name for path in paths] == [
        "gender-confusion.png",
        "gender-reliability.png",
        "gender-coverage.png",
    ]
    for path in paths:
        header = path.read_bytes()[:24]
        width, height = struct.unpack(">II", header[16:])
        assert header[:8] == b"\x89PNG\r\n\x1a\n"
        assert 400 < width < 2000
        assert 400 < height < 2000


def test_the_same_report_gives_the_same_picture(tmp_path: Path, report) -> None:
    pytest.importorskip("matplotlib", reason="the evaluate extra is not installed")
    first, second = (draw(report, tmp_path / name)[0].read_bytes() for name in ("a", "b"))
    assert first == second


def test_without_matplotlib_the_extra_is_named(
    tmp_path: Path, report, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(MissingExtra, match=r"pip install 'matplotlib"):
        draw(report, tmp_path)
    assert list(tmp_path.iterdir()) == []
