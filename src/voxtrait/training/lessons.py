"""What a teacher makes of the examples: asked once, kept beside them, and its main directions."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from voxtrait.errors import SplitError, UsageError
from voxtrait.training.draws import draws
from voxtrait.training.examples import make_example
from voxtrait.training.materials import read_16k
from voxtrait.training.prepared import read_index, write_array
from voxtrait.training.teachers import GET_IT, TEACHERS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from voxtrait.corpora import Utterance
    from voxtrait.training.draws import Draw
    from voxtrait.training.prepared import Prepared
    from voxtrait.training.recipe import Recipe
    from voxtrait.training.shards import Job
    from voxtrait.training.teachers import Teacher

__all__ = ["LessonMaker", "lesson_table", "lessons_name", "teacher_of"]

LARGEST = float(np.finfo(np.float16).max)


def teacher_of(recipe: Recipe, folder: Path | None) -> Teacher:
    """The teacher that a recipe names.

    Raises:
        UsageError: nobody said where its files lie.
        MissingRequirement: they are not there.
        WrongModel: they are others.
    """
    name = recipe.teacher.name
    if folder is None:
        raise UsageError(
            f"The recipe learns from {name}, and nobody said where that lies.",
            GET_IT,
        )
    return TEACHERS[name](folder)


def lessons_name(recipe: Recipe) -> str:
    """What the files of its teacher's lessons are called; ``""`` without a teacher."""
    name = recipe.teacher.name
    return f"lessons-{name}-{TEACHERS[name].key()}" if name else ""


class LessonMaker:
    """Asks a teacher about the examples of one shard after another.

    It hears each example clean, before noise, rooms and telephones: our network is to hear in them
    what the teacher hears without. Of a single word, and of a voice, it is asked once, whatever the
    copies are; of a piece of a sentence, and of a copy with the pitch moved, each time.

    Args:
        job: whose examples are made already.
        folder: where the teacher's files lie; see `teacher_of` for the errors.
    """

    def __init__(self, job: Job, folder: Path | None) -> None:
        self.job, self.name = job, lessons_name(job.recipe)
        self.teacher = teacher_of(job.recipe, folder)

    def make(self, shard: int) -> None:
        """Write the lessons of a shard's examples; NaN where nobody speaks."""
        index = read_index(self.job.folder, shard)
        lessons = np.full((len(index), self.teacher.width), np.nan, np.float32)
        for number in np.unique(index["utterance"]):
            mine = index["utterance"] == number
            row = self.job.rows[number]
            if row.kind == "speech":
                of_copy = self._of_copies(row)
                lessons[mine] = [of_copy[copy] for copy in index["copy"][mine]]
        lessons[~(np.abs(lessons) <= LARGEST).all(axis=1)] = np.nan
        write_array(self.job.folder, shard, self.name, lessons.astype(np.float16))

    def _of_copies(self, row: Utterance) -> Mapping[int, NDArray[np.float32]]:
        """What the teacher makes of each copy of a recording."""
        waveform = read_16k(row.path)
        same = cache(lambda: self.teacher.lesson(waveform))
        lessons = {}
        for draw in draws(row, self.job):
            if self._is_told_by_all(row, draw):
                lessons[draw.copy] = same()
            else:
                clean = make_example(row, waveform, draw, None, self.job.recipe)
                lessons[draw.copy] = self.teacher.lesson(clean)
        return lessons

    def _is_told_by_all(self, row: Utterance, draw: Draw) -> bool:
        """Whether the whole recording says of an example what its own piece would."""
        return bool(row.word) if self.teacher.style == "word" else not draw.pitch


def lesson_table(
    prepared: Prepared, chosen: NDArray[np.bool_], numbers: int
) -> NDArray[np.float32]:
    """The lessons in their main directions: principal components of those that train.

    Args:
        prepared: the examples, with lessons.
        chosen: which of them train, ``[examples]``.
        numbers: how many directions.

    Returns:
        ``[examples, numbers]``, NaN where there is no lesson. Over those that train each column's
        mean is 0 and the mean square of all of them 1, so that the mean square error of a guess is
        the share of these directions that it leaves unexplained.

    Raises:
        SplitError: none of those that train has a lesson.
    """
    ends = np.cumsum([len(shard) for shard in prepared.lessons])
    trains = np.split(chosen, ends[:-1])
    width = prepared.lessons[0].shape[1]
    count, total, squares = 0, np.zeros(width), np.zeros((width, width))
    for shard, mask in zip(prepared.lessons, trains, strict=True):
        # In double precision, a shard at a time: there may be more of them than memory holds.
        heard = np.asarray(shard[mask & ~np.isnan(shard[:, 0])], np.float64)
        count += len(heard)
        total += heard.sum(axis=0)
        squares += heard.T @ heard
    if not count:
        raise SplitError(
            "Nobody speaks in the examples that train: there is nothing for a teacher to say.",
            "Name corpora of speech, or leave the table teacher out of the recipe.",
        )
    mean = total / count
    spread, directions = np.linalg.eigh(squares / count - np.outer(mean, mean))
    main = directions[:, ::-1][:, :numbers]
    # Either sign of a direction is as good: a training that goes on has to meet the same one.
    main = main * np.sign(main[np.abs(main).argmax(axis=0), np.arange(main.shape[1])])
    power = np.sqrt(np.maximum(spread[::-1][:numbers], 0).mean() + 1e-12)
    projected = [(shard - mean) @ main / power for shard in prepared.lessons]
    return np.concatenate(projected, dtype=np.float32, casting="same_kind")
