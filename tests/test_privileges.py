"""The fixture that other tests of permissions stand on."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.usefixtures("unprivileged")
def test_permissions_hold_in_this_process_and_in_its_children(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("x")
    secret.chmod(0)
    with pytest.raises(PermissionError):
        secret.read_text()
    read = [sys.executable, "-c", f"open({str(secret)!r})"]
    assert "PermissionError" in subprocess.run(read, capture_output=True, text=True).stderr


@pytest.mark.usefixtures("unprivileged")
def test_a_folder_may_be_closed_to_writing(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(PermissionError):
        (tmp_path / "new").write_text("x")
    tmp_path.chmod(0o700)
