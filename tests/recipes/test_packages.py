from __future__ import annotations

import pytest

SCRIPT = "packages"
WHEEL, SOURCE = "one-1-py3-none-any.whl", "two-2.tar.gz"


@pytest.fixture
def wanted(script):
    return [
        script.Package("one==1", WHEEL, 64 * "1"),
        script.Package("two==2", SOURCE, 64 * "2"),
    ]


def test_pip_is_told_what_every_package_must_be_and_runs_no_code_of_wheels(
    script, wanted, tmp_path, monkeypatch
):
    asked = []

    def run(command, **_):
        asked.append((command, (tmp_path / "requirements.txt").read_text(encoding="ascii")))
        return script.subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(script.subprocess, "run", run)
    script.download(wanted, tmp_path)
    script.download(wanted[:1], tmp_path)
    (both, lines), (one, _) = asked
    assert lines.splitlines() == [
        f"one==1 --hash=sha256:{64 * '1'}",
        f"two==2 --hash=sha256:{64 * '2'}",
    ]
    for command in (both, one):
        assert command[1:4] == ["-m", "pip", "download"]
        assert {"--no-deps", "--require-hashes", "--only-binary=:all:"} <= {*command}
    assert [word for word in both if word.startswith("--no-binary")] == ["--no-binary=two"]
    assert not [word for word in one if word.startswith("--no-binary")]


def test_a_download_that_fails_says_what_to_do(script, wanted, monkeypatch):
    monkeypatch.setattr(script.sys, "executable", "false")
    with (
        pytest.raises(script.MissingRequirement, match="could not download one==1, two==2") as told,
        script.provided(wanted, None),
    ):
        pass
    assert told.value.hint == (
        f"Get {WHEEL}, {SOURCE} by other means and give their folder with --packages."
    )


def test_what_was_downloaded_is_gone_in_the_end(script, wanted, monkeypatch):
    monkeypatch.setattr(script, "download", lambda _, folder: (folder / WHEEL).write_bytes(b"1"))
    with script.provided(wanted[:1], None) as folder:
        assert (folder / WHEEL).exists()
    assert not folder.exists()
