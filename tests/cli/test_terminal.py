from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

if sys.platform == "win32":
    pytest.skip("Windows has no pseudo-terminals to test with.", allow_module_level=True)
import fcntl
import pty
import struct
import termios

Run = Callable[..., Any]
XTERM = {"TERM": "xterm", "NO_COLOR": ""}


def seen(start: Run, *arguments: object, stream: str, columns: int = 100, **more: Any) -> str:
    """What a terminal is sent that shows one stream of the command line."""
    mine, its = pty.openpty()
    fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    options = {"env": XTERM, stream: its, **more}
    process = start(*arguments, **options)
    os.close(its)
    sent = b""
    try:
        while block := os.read(mine, 65536):
            sent += block
    except OSError:  # Linux's way to say that the other end is closed
        pass
    os.close(mine)
    process.communicate(timeout=60)
    return sent.decode()


def test_a_bar_is_drawn_on_a_terminal_for_more_than_a_few(start: Run, clips: Path) -> None:
    many = [clips / "0.wav"] * 20
    assert "20/20" in seen(start, "predict", *many, stream="stderr")


def test_no_bar_is_drawn_for_a_few_nor_on_a_dumb_terminal(start: Run, clips: Path) -> None:
    few, many = [clips / "0.wav"] * 3, [clips / "0.wav"] * 20
    assert seen(start, "predict", *few, stream="stderr") == ""
    dumb = {"TERM": "dumb"}
    assert seen(start, "predict", *many, stream="stderr", env=dumb) == ""


def test_no_bar_is_drawn_where_the_lines_themselves_appear(start: Run, clips: Path) -> None:
    mine, its = pty.openpty()
    many = [clips / "0.wav"] * 20
    process = start("predict", *many, "--format", "json", stdout=its, stderr=its, env=XTERM)
    os.close(its)
    sent = b""
    try:
        while block := os.read(mine, 65536):
            sent += block
    except OSError:
        pass
    os.close(mine)
    assert process.wait(timeout=60) == 0
    lines = sent.decode().splitlines()
    assert len(lines) == 20
    assert all(line.startswith('{"path"') for line in lines)


@pytest.mark.parametrize("columns", [80, 30])
def test_one_recording_gets_styles_within_the_width_but_not_with_no_color(
    start: Run, clips: Path, columns: int
) -> None:
    clip = clips / "0.wav"
    shown = [
        seen(start, "predict", clip, stream="stdout", columns=columns, env={**XTERM, **more})
        for more in ({}, {"NO_COLOR": "1"}, {"TERM": "dumb"})
    ]
    assert "\x1b[1m" in shown[0]
    bare = re.sub(r"\x1b\[\d+m", "", shown[0])
    assert [line.rstrip() for line in bare.splitlines()] == shown[1].splitlines()
    assert shown[1] == shown[2]
    assert max(map(len, shown[1].splitlines())) <= columns
    assert str(clip) in "".join(shown[1].split())


def test_a_name_in_csv_cannot_command_the_terminal(start: Run, clips: Path) -> None:
    odd = (clips / "0.wav").rename(clips / "\x1b[2J.wav")
    text = seen(start, "predict", odd, "--format", "csv", stream="stdout")
    assert "\x1b" not in text
    assert r"\x1b[2J.wav" in text


@pytest.mark.parametrize("columns", [100, 80, 40])
def test_a_terminal_gets_colours_within_its_width(start: Run, clips: Path, columns: int) -> None:
    text = seen(start, "predict", clips, clips / "none.wav", stream="stdout", columns=columns)
    assert "\x1b[31m" in text
    plain = seen(
        start,
        *("predict", clips, clips / "none.wav"),
        stream="stdout",
        columns=columns,
        env={**XTERM, "NO_COLOR": "1"},
    )
    assert "\x1b[31m" not in plain
