from __future__ import annotations

import os

import pytest

from voxtrait.cli.text import escape


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("clip.wav", "clip.wav"),
        ("Grüße 语音.wav", "Grüße 语音.wav"),
        ("a\nb.wav", r"a\nb.wav"),
        ("\x1b[2Ja.wav", r"\x1b[2Ja.wav"),
        ("\x9b31ma.wav", r"\x9b31ma.wav"),
        ("a\u202egpj.wav", r"a\u202egpj.wav"),
        (os.fsdecode(b"a\xff.wav"), r"a\udcff.wav"),
    ],
)
def test_what_a_terminal_would_obey_is_shown_as_an_escape(name: str, shown: str) -> None:
    assert escape(name) == shown
