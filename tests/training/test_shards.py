"""Examples of a few recordings, on a corpus of computed sounds."""

from __future__ import annotations

from typing import Any

import numpy as np


def test_speakers_and_what_is_mixed_into_them_are_of_one_part(material: Any) -> None:
    prepared, parts = material
    rows = list(prepared.manifest)
    changed = prepared.index[prepared.index["copy"] > 0]
    assert len(changed) == 40  # 36 words and 4 noises, one changed copy each
    for entry in prepared.index:
        assert entry["part"] == parts[rows[entry["utterance"]].speaker_id]
    np.testing.assert_array_equal(changed["material"], changed["part"])
