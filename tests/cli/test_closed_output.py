"""Standard output that was closed before the process began, as ``>&-`` does."""

from __future__ import annotations

import subprocess
import sys

import pytest

COMMANDS = {
    "predict": "predict examples/recordings/digit-four.flac",
    "models": "models",
    "models as JSON": "models --format json",
    "one model": "models voice-small",
    "corpus list": "corpus list",
    "corpus read": "corpus read --corpora /nowhere",
    "corpus describe": "corpus describe --corpora /nowhere",
    "evaluate": "evaluate --corpus fsdd",
}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_closed_standard_output_is_told(name, request) -> None:
    line = f'"{sys.executable}" -m voxtrait {COMMANDS[name]} >&-'
    done = subprocess.run(
        ["sh", "-c", line], cwd=request.config.rootpath, capture_output=True, text=True, check=False
    )
    assert done.returncode == 5
    assert "error: Standard output is closed." in done.stderr
    assert "hint:" in done.stderr
