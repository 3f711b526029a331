"""Corpora got from where their makers keep them, and put where the readers look for them."""

from voxtrait.corpora.download.get import download, licence_of
from voxtrait.corpora.download.sources import SOURCES, Archive, Source

__all__ = ["SOURCES", "Archive", "Source", "download", "licence_of"]
