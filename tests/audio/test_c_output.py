"""Silence from C code, without touching what Python says."""

from __future__ import annotations

import subprocess
import sys

import pytest

SAY = """
import ctypes, os, sys, threading
from voxtrait.audio.c_output import silenced

libc = ctypes.CDLL(None)
name = "__stderrp" if sys.platform == "darwin" else "stderr"

def say(text):
    stream = ctypes.c_void_p.in_dll(libc, name)
    libc.fprintf(stream, text)
    libc.printf(text)
    libc.fflush(None)
"""
MEANWHILE = """
inside, leave = threading.Barrier(2), threading.Event()
def other():
    with silenced():
        inside.wait()
        leave.wait()
thread = threading.Thread(target=other)
thread.start()
inside.wait()
"""

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="The variables are those of glibc and macOS."
)


def said(code: str) -> tuple[str, str]:
    """What a program prints on standard output and standard error."""
    done = subprocess.run(
        [sys.executable, "-c", SAY + code], capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout, done.stderr


def test_c_code_is_silent_within_and_heard_again_after():
    assert said("say(b'a')\nwith silenced():\n  say(b'b')\nsay(b'c')") == ("ac", "ac")


def test_python_is_heard_all_the_time():
    code = (
        "with silenced():\n  say(b'b')\n  print('p', file=sys.stderr)\n"
        "  os.write(2, b'w')\n  print('q')"
    )
    assert said(code) == ("q\n", "p\nw")


def test_the_last_of_several_threads_brings_the_sound_back():
    code = (
        "with silenced():\n  say(b'b')\nsay(b'still silent')\nleave.set(); thread.join(); say(b'c')"
    )
    assert said(MEANWHILE + code) == ("c", "c")


def test_many_threads_in_and_out_leave_nothing_behind():
    code = (
        "def work():\n"
        "  for _ in range(2000):\n"
        "    with silenced(): say(b'b')\n"
        "threads = [threading.Thread(target=work) for _ in range(8)]\n"
        "[t.start() for t in threads]; [t.join() for t in threads]\n"
        "say(b'c')"
    )
    assert said(code) == ("c", "c")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not fork.")
def test_a_child_forked_meanwhile_is_heard_and_does_not_hang():
    code = (
        "import warnings; warnings.simplefilter('ignore')\n"
        "child = os.fork()\n"
        "if child == 0:\n"
        "  with silenced(): say(b'b')\n"
        "  say(b'child'); os._exit(0)\n"
        "os.waitpid(child, 0); leave.set(); thread.join()"
    )
    assert said(MEANWHILE + code) == ("child", "child")
