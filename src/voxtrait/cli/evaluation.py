"""What ``voxtrait evaluate`` does: pass after pass over the recordings, a comparison, an answer."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, TextIO

from voxtrait.cli.earlier_report import answers_file
from voxtrait.cli.progress import progress_bar
from voxtrait.cli.stderr import say
from voxtrait.errors import CorpusError, UsageError
from voxtrait.evaluation import compare, score
from voxtrait.evaluation.distortion import Distortion
from voxtrait.evaluation.figures import plain
from voxtrait.evaluation.markdown import to_markdown
from voxtrait.evaluation.metrics import ACCURACY, ECE, MAE, UAR
from voxtrait.evaluation.scored import read_rows
from voxtrait.evaluation.scoring import scorable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from voxtrait.corpora import Utterance
    from voxtrait.evaluation import Comparison, Scored
    from voxtrait.runtime import Predictor

__all__ = ["Passes", "answer", "changes", "show"]


@dataclass(frozen=True)
class Passes:
    """The conditions beside the clean recordings, as the options give them."""

    noise_snr: tuple[float, ...] = ()
    seconds: tuple[float, ...] = ()
    room: bool = False
    codec: str | None = None

    @property
    def need_noise(self) -> bool:
        """Whether recordings of noise or rooms are needed."""
        return bool(self.noise_snr) or self.room

    def distortions(self, noises: Sequence[Utterance]) -> list[Distortion]:
        """What is done to the recordings, pass by pass; nothing in the first.

        Raises:
            UsageError: a value that cannot be, or no recording of noise or rooms.
        """
        rooms = tuple(row for row in noises if row.kind == "room")
        if self.room and not rooms:
            raise UsageError(
                "Rooms were asked for, but there are no impulse responses.",
                "Name the folder of the noise corpus: --root noise=DIR.",
            )
        found = [
            Distortion(),
            *(Distortion(seconds=length) for length in self.seconds),
            *([Distortion(room=rooms)] if self.room else []),
            *(Distortion(noise=tuple(noises), noise_snr=snr) for snr in self.noise_snr),
            *([Distortion(codec=str(self.codec))] if self.codec else []),
        ]
        return list({distortion.name: distortion for distortion in found}.values())


def answer(
    predictor: Predictor,
    rows: Sequence[Utterance],
    traits: Sequence[str],
    distortions: Sequence[Distortion],
    *,
    output: Path | None = None,
    resume: bool = False,
    jobs: int = 1,
) -> list[Scored]:
    """Answer all recordings under all conditions; each condition's rows are kept in ``output``.

    Raises:
        CorpusError: no recording has a truth for any of the traits.
        ManifestError: in the place of the answers there is a file of something else.
    """
    files = [answers_file(output, distortion.name) for distortion in distortions] if output else []
    for file in files:
        if file.exists():
            next(read_rows(file, torn_end=True), None)  # what is not ours is not replaced
    wanted = scorable(rows, traits)
    count = len(wanted)
    if not count:
        raise CorpusError(
            f"None of the {len(rows)} recordings has a known {' or '.join(traits)}.",
            "Choose another corpus, or another --trait.",
        )
    spoken = {row.corpus for row in rows if row.kind == "speech"}
    for corpus in sorted(spoken - {row.corpus for row in wanted}):
        say("warning", f"{corpus} knows no {' or '.join(traits)}: it is not measured.")
    for trait in traits:
        if not any(trait in row.labels for row in wanted):
            say("note", f"No recording has a known {trait}: it is not measured.")
    scored: list[Scored] = []
    with progress_bar("Listening", count * len(distortions)) as advance:
        for number, distortion in enumerate(distortions):
            scored += score(
                predictor,
                rows,
                traits=traits,
                distortion=distortion,
                output=files[number] if files else None,
                anew=not resume,
                jobs=jobs,
                progress=lambda *_: advance(),
            )
    return scored


def changes(
    rows: Sequence[Scored], earlier: Sequence[Scored], traits: Sequence[str]
) -> list[Comparison]:
    """The clean answers compared with those of an earlier output, trait by trait.

    Raises:
        UsageError: the two share no recording.
    """
    clean = [row for row in rows if row.condition == rows[0].condition]
    return [
        replace(compare(earlier, clean, trait, metric), metric=f"{trait} {metric.name}")
        for trait in traits
        if any(trait in row.utterance.labels for row in clean)
        for metric in (ACCURACY, UAR, ECE, *((MAE,) if trait == "age" else ()))
    ]


def show(built: dict[str, Any], compared: Sequence[Comparison], shape: str, out: TextIO) -> None:
    """Print the report, or its headline as a table."""
    if shape == "json":
        whole = {**built, "against": plain([asdict(row) for row in compared])}
        out.write(json.dumps(whole, allow_nan=False) + "\n")
    elif shape == "markdown":
        out.write(to_markdown(built))
    else:
        from voxtrait.cli.evaluation_table import print_report

        print_report(built, compared)
