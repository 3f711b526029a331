from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

# Ctrl-C at the moment at which typer is imported.
SCRIPT = """
import signal, sys
class Interrupt:
    def find_spec(self, name, *_):
        if name == "typer":
            signal.raise_signal(signal.SIGINT)
sys.meta_path.insert(0, Interrupt())
sys.argv[1:] = ["--version"]
from voxtrait.cli.start import main
sys.exit(main())
"""

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no signals to ignore.")


def started(handler: signal.Handlers) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", SCRIPT],
        capture_output=True,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, handler),
    )


def test_an_interrupt_while_commands_are_imported_ends_quietly() -> None:
    done = started(signal.SIG_DFL)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


def test_an_interrupt_that_is_ignored_stays_so() -> None:
    done = started(signal.SIG_IGN)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("voxtrait ")
