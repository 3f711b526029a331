"""The recordings that ``voxtrait evaluate`` measures on, and who of their speakers was heard."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from voxtrait.cli.roots import parse_roots
from voxtrait.cli.stderr import say
from voxtrait.corpora import Manifest
from voxtrait.corpora.collection import collect, roots_of
from voxtrait.corpora.splits import by_speaker
from voxtrait.errors import CorpusError, SplitError, UsageError
from voxtrait.evaluation.heard import heard_speakers, read_split
from voxtrait.evaluation.years import median_of_speakers

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from voxtrait.corpora import Utterance
    from voxtrait.model_file import Card

__all__ = ["Selection"]

NOISE = "noise"
TO_ALL = "--split all measures on every speaker; those of training are then among them."


@dataclass(frozen=True)
class Selection:
    """Recordings to measure on.

    Args:
        rows: what is measured on.
        noises: recordings to mix in.
        split: in words, for the report.
        median_years: median age of the speakers of the training part, for the baseline.
    """

    rows: Manifest
    noises: Manifest
    split: str = ""
    median_years: float | None = None

    @classmethod
    def gather(
        cls,
        names: Sequence[str],
        roots: Sequence[str],
        corpora: Path | None,
        manifest: Path | None,
        *,
        noise: bool,
    ) -> Selection:
        """Read the corpora or the manifest, and the noise corpus where it is needed.

        Raises:
            UsageError: neither a corpus nor a manifest, or a root that belongs to none.
            CorpusError: a corpus is not where it should be.
        """
        if bool(names) == (manifest is not None):
            raise UsageError(
                "Nothing says what to measure on." if not names else "--corpus and --manifest.",
                "Give --corpus NAME with --root DIR, or --manifest FILE.",
            )
        found = parse_roots(roots, names)
        if manifest is not None:
            rows = Manifest.read_jsonl(manifest)
            rows.check_files()
        else:
            rows = collect(roots_of(names, corpora, found))
        noises = collect(roots_of([NOISE], corpora, found)) if noise else Manifest()
        return cls(rows, noises)

    def part(self, split: str, cards: Sequence[Card], models: Sequence[Path]) -> Selection:
        """Keep the speakers of one part, and say how many of them the models know.

        Raises:
            SplitError: too few speakers for a split.
            CorpusError: nobody is left.
        """
        # A run's folder knows who was heard. Of several models it is not known whose card is whose.
        known = read_split(models[0]) if len(models) == 1 else None
        heard = {speaker for card in cards for speaker in heard_speakers(card, self.rows, known)}
        rows, noises, median = self.rows, self.noises, median_of_speakers(self.rows)
        if split == "unheard":
            rows = Manifest(row for row in rows if row.speaker_id not in heard)
        elif split != "all":
            try:
                parts = by_speaker(Manifest([*rows, *_others(noises, rows)]))
            except SplitError as error:
                message = f"--split {split} cannot be made of these recordings: {error.message}"
                raise SplitError(message, TO_ALL) from None
            mine = getattr(parts, split)
            corpora = {row.corpus for row in rows}
            rows = Manifest(row for row in mine if row.corpus in corpora)
            noises = Manifest([*_of_part(noises, mine)])
            median = median_of_speakers(parts.train)
        if not rows:
            raise CorpusError(
                f"No recording is left of --split {split}.",
                TO_ALL if split != "unheard" else f"Name a --trait or --model alone. {TO_ALL}",
            )
        for corpus in sorted({row.corpus for row in self.rows} - {row.corpus for row in rows}):
            # A corpus of five speakers has nobody in a tenth; figures must not seem to be of it.
            say("warning", f"{corpus} has no speaker in --split {split}: it is not measured.")
        people = {row.speaker_id for row in rows}
        who = "speakers" if any(row.kind == "speech" for row in rows) else "sources"
        both = len(people & heard)
        if both:
            say(
                "warning",
                f"{both} of these {len(people)} {who} took part in the model's training or "
                "calibration, or may have: the figures say little of strangers. --split unheard "
                "leaves them out.",
            )
        words = f"{split}; {both} of {len(people)} {who} may have been heard in training"
        return replace(
            self, rows=rows, noises=noises, split=words if both else split, median_years=median
        )


def _others(noises: Manifest, rows: Manifest) -> Iterator[Utterance]:
    there = {row.path for row in rows}
    return (row for row in noises if row.path not in there)


def _of_part(noises: Manifest, part: Manifest) -> Iterator[Utterance]:
    """Noises of the same part; all of a kind where the part has none, for rooms are few."""
    sources = {row.speaker_id for row in part}
    for kind in dict.fromkeys(row.kind for row in noises):
        of_kind = [row for row in noises if row.kind == kind]
        yield from [row for row in of_kind if row.speaker_id in sources] or of_kind
