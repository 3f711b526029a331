"""A prediction opens no socket and writes no file but what it was told to write."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

# strace's own names: "network" is every call that makes or uses a socket.
WATCHED = "trace=network,open,openat,creat,mkdir,mkdirat,rename,renameat,renameat2,unlink,unlinkat"
WRITING = re.compile(r"O_WRONLY|O_RDWR|O_CREAT|\bcreat\(|mkdir|rename|unlink")


def strace_reason() -> str:
    """Why strace cannot watch here; empty where it can."""
    if shutil.which("strace") is None:
        return "strace is not installed"
    tried = subprocess.run(["strace", "-o", os.devnull, "true"], capture_output=True, text=True)
    return f"strace is not permitted here: {tried.stderr.strip()}" if tried.returncode else ""


def watch(arguments: list[str], folder: Path) -> list[str]:
    """Every watched system call of our command, with none of Python's own cache writing."""
    log = folder / "calls"
    command = ["strace", "-f", "-qq", "-e", WATCHED, "-o", str(log), sys.executable, "-B"]
    subprocess.run(
        [*command, *arguments],
        check=True,
        capture_output=True,
        timeout=120,
        env={**os.environ, "HOME": str(folder / "home"), "TMPDIR": str(folder)},
    )
    return log.read_text(errors="replace").splitlines()


def sockets(calls: list[str]) -> list[str]:
    return [call for call in calls if re.search(r"\b(socket|connect|sendto|bind)\(", call)]


def written(calls: list[str]) -> list[str]:
    """Calls that write, make, rename or remove a file, apart from devices and failed ones."""
    return [
        call
        for call in calls
        if WRITING.search(call) and "/dev/" not in call and not re.search(r"= -1 E", call)
    ]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    reason = strace_reason()
    if reason:
        pytest.skip(reason)
    (tmp_path / "home").mkdir()
    return tmp_path


COMMAND = ["-c", "import sys; from voxtrait.cli.app import main; sys.exit(main())", "predict"]


def test_a_prediction_opens_no_socket_and_writes_nothing(home: Path, recordings: Path) -> None:
    calls = watch([*COMMAND, str(recordings / "digit-seven.flac")], home)
    assert calls  # strace saw the process
    assert sockets(calls) == []
    assert written(calls) == []
    assert list((home / "home").iterdir()) == []


def test_a_prediction_writes_only_the_file_it_was_told_to(home: Path, recordings: Path) -> None:
    answers = home / "answers.jsonl"
    recording = str(recordings / "digit-seven.flac")
    arguments = [*COMMAND, recording, "--format", "json", "--output", str(answers)]
    calls = watch(arguments, home)
    assert answers.is_file()
    assert sockets(calls) == []
    changed = written(calls)
    assert changed  # strace saw the answers come
    assert [call for call in changed if "answers.jsonl" not in call] == []


def test_the_watch_would_see_a_socket_and_a_file(home: Path) -> None:
    code = f"import socket; socket.socket(); open({str(home / 'seen')!r}, 'w')"
    calls = watch(["-c", code], home)
    assert len(sockets(calls)) == 1
    assert len(written(calls)) == 1


def test_telemetry_is_off_before_onnxruntime_is_imported() -> None:
    code = (
        "import os, sys; os.environ.pop('ORT_DISABLE_TELEMETRY', None); import voxtrait; "
        "assert 'onnxruntime' not in sys.modules; print(os.environ['ORT_DISABLE_TELEMETRY'])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "1\n"
