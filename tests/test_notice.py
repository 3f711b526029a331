"""Everybody whose recording was used in training is credited."""

from __future__ import annotations

import csv
import os
import re
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]
NOTICE = (REPOSITORY / "NOTICE").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "corpus",
    ["Common Voice", "LibriSpeech", "Speech Commands", "Free Spoken Digit Dataset", "AudioMNIST"],
)
def test_every_corpus_is_credited(corpus: str) -> None:
    assert f"\n{corpus}" in NOTICE


def test_every_noise_is_credited_under_its_licence() -> None:
    corpora = Path(os.environ.get("VOXTRAIT_CORPORA", REPOSITORY.parent / "shared" / "corpora"))
    index = corpora / "noise" / "files.csv"
    if not index.is_file():
        pytest.skip(f"{index} is not there; set VOXTRAIT_CORPORA to the folder of corpora.")
    with index.open(encoding="utf-8", newline="") as table:
        rows = list(csv.DictReader(table))
    # A heading is a line, and a line of dashes below it.
    parts = re.split(r"\n(\S.*)\n-+\n", NOTICE.partition("Noise, music and rooms")[2])
    sections = dict(zip(parts[1::2], parts[2::2], strict=True))
    assert len(rows) > 100
    for row in rows:
        section = sections[row["licence"]]
        assert f"* {row['credit']}\n" in section
        assert row["path"] in section
