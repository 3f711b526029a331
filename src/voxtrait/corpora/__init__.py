"""Folders of recordings as rows: readers, manifests and speaker-disjoint splits."""

from __future__ import annotations

from voxtrait.corpora.collection import collect, roots_of
from voxtrait.corpora.dropped import Dropped
from voxtrait.corpora.manifest import Manifest
from voxtrait.corpora.readers import CORPUS_FOLDERS, LICENCES, READERS, Reader
from voxtrait.corpora.utterance import Utterance

__all__ = [
    "CORPUS_FOLDERS",
    "LICENCES",
    "READERS",
    "Dropped",
    "Manifest",
    "Reader",
    "Utterance",
    "collect",
    "roots_of",
]
