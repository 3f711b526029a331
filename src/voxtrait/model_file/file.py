"""A model file: an ONNX graph and its card, checked against each other."""

from __future__ import annotations

import os
import stat
import threading
from typing import TYPE_CHECKING, Any

import numpy as np

from voxtrait.errors import MissingModel, WrongModel
from voxtrait.model_file.card import Card
from voxtrait.model_file.fit import check_fit
from voxtrait.model_file.outline import outline
from voxtrait.model_file.protobuf import DamagedError
from voxtrait.model_file.seal import checksum, is_changed
from voxtrait.model_file.session import DAMAGED, start_session
from voxtrait.model_file.writing import KEY
from voxtrait.system import first_line, shown

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["ModelFile"]

CHANGED = (
    "Get it anew or export it again. What was changed on purpose is sealed by "
    "voxtrait.model_file.with_card."
)
DIGITS = 8  # of a checksum's 64: two files of one name and version that share them are not met

# Far above any network of this family; keeps a wrong path from filling the memory.
LARGEST = 1 << 30


class ModelFile:
    """A graph and its card that fit each other. Safe to share between threads, to fork, to pickle.

    Args:
        graph: the whole ONNX file.
        name: what errors call it.
        trusted: its checksum was right, so that nodes and tensors need not be looked at again.

    Attributes:
        card: what it answers.
        graph: the whole ONNX file.
        samples: samples of every row the graph takes, or ``None`` where any number will do.

    Raises:
        WrongModel: cut, changed, not ONNX, of another schema, with data outside the file, with
            operators that are not standard, without a card, or with one that does not fit it.
    """

    def __init__(self, graph: bytes, name: str = "of bytes", *, trusted: bool = False) -> None:
        self.graph = graph
        self._trusted = trusted
        self.name = name
        try:
            found = outline(graph, deep=not trusted)
            if KEY not in found.metadata:
                raise WrongModel(
                    f"its metadata has no key {KEY!r}, only {sorted(found.metadata)}.",
                    "Write a card into it with voxtrait.model_file.with_card.",
                )
            self.card = Card.from_json(found.metadata[KEY])
            check_fit(self.card, found)
            if not trusted and is_changed(graph, found.metadata):
                raise WrongModel("it was changed since its card was written into it.", CHANGED)
        except DamagedError as error:
            raise WrongModel(f"The model {name} is damaged: {error}.", DAMAGED) from None
        except WrongModel as error:
            raise WrongModel(f"The model {name}: {error.message}", error.hint) from None
        self.samples = found.inputs["waveform"].shape[1]
        self._sha256 = ""  # until it is asked for
        self._sessions: dict[tuple[int, int], Any] = {}
        self._lock = (os.getpid(), threading.Lock())

    @classmethod
    def load(cls, source: str | os.PathLike[str] | bytes, sha256: str | None = None) -> ModelFile:
        """Read and check a model file.

        Args:
            source: its path, or its bytes.
            sha256: hexadecimal checksum that it must have, if one is known.

        Raises:
            MissingModel: no such file, or it may not be read.
            WrongModel: see the class; or the checksum differs.
        """
        name = "of bytes" if isinstance(source, bytes) else shown(os.fspath(source))
        data = source if isinstance(source, bytes) else _read(source, name)
        if sha256 is not None and (found := checksum(data)) != sha256:
            raise WrongModel(
                f"The model {name} was changed: its SHA-256 is {found[:12]}..., "
                f"not {sha256[:12]}...",
                "Install voxtrait again; to use a file of your own, give its path.",
            )
        file = cls(data, name, trusted=sha256 is not None)
        file._sha256 = sha256 or ""
        return file

    @property
    def edition(self) -> str:
        """What tells it from every other model file, such as ``"voice-small 1.0.0+3f2a9c1b"``.

        Its card's name and version, and the first digits of the file's SHA-256: a model that is
        trained or calibrated anew often bears the name and version of the one before.
        """
        self._sha256 = self._sha256 or checksum(self.graph)
        return f"{self.card.name} {self.card.version}+{self._sha256[:DIGITS]}"

    def session(self, threads: int = 1) -> Any:
        """The ``onnxruntime.InferenceSession`` of this process, made when first asked for.

        Raises:
            WrongModel: onnxruntime refuses the graph.
        """
        key = (os.getpid(), threads)
        session = self._sessions.get(key)
        if session is None:
            # A fork may have copied the lock while another thread held it.
            if self._lock[0] != key[0]:
                self._lock = (key[0], threading.Lock())
            with self._lock[1]:
                session = self._sessions.get(key)
                if session is None:
                    # The parent's session stays in the dictionary: taking it apart in a child
                    # would wait for threads that a fork does not copy.
                    session = self._sessions[key] = start_session(
                        self.graph, self.name, threads, plain=self._trusted
                    )
        return session

    def started(self, threads: int = 1) -> bool:
        """Whether this process has made the session already."""
        return (os.getpid(), threads) in self._sessions

    def run(
        self, waveforms: NDArray[np.float32], lengths: NDArray[np.int64], threads: int = 1
    ) -> dict[str, NDArray[np.float32]]:
        """Ask the graph.

        Args:
            waveforms: ``[batch, samples]`` at the card's sample rate.
            lengths: real samples of each row, ``[batch]``.
            threads: of this one run.

        Returns:
            By output name; logits ``[batch, labels]`` of each trait, or ``speech`` as
            probabilities ``[batch, frames]``.

        Raises:
            WrongModel: onnxruntime fails, or an output has another width than the card's labels
                or a value that is no number.
        """
        names = list(self.card.traits) or ["speech"]
        session = self.session(threads)
        try:
            values = session.run(names, {"waveform": waveforms, "lengths": lengths})
        except Exception as error:  # noqa: BLE001 - onnxruntime's classes share no base
            raise WrongModel(
                f"The model {self.name} failed: {first_line(error)}", DAMAGED
            ) from None
        outputs = dict(zip(names, values, strict=True))
        for name, trait in self.card.traits.items():
            need, got = (len(waveforms), len(trait.labels)), outputs[name].shape
            if got != need or not np.isfinite(outputs[name]).all():
                raise WrongModel(
                    f"The model {self.name} answered {name} with "
                    + (f"shape {got}; its card needs {need}." if got != need else "no number."),
                    "Export it again: the graph and its card do not fit.",
                )
        return outputs

    def __reduce__(self) -> tuple[object, ...]:
        return (_again, (self.graph, self.name, self._trusted))

    def __repr__(self) -> str:
        return f"<ModelFile {self.card.name} {self.card.version}, {len(self.graph):,} bytes>"


def _again(graph: bytes, name: str, trusted: bool) -> ModelFile:
    return ModelFile(graph, name, trusted=trusted)


def _read(path: str | os.PathLike[str], name: str) -> bytes:
    try:
        state = os.stat(path)
        if not stat.S_ISREG(state.st_mode):
            raise MissingModel(f"The model {name} is not a file.", "Give the path of a .onnx file.")
        if state.st_size > LARGEST:
            raise WrongModel(
                f"The model {name} has {state.st_size:,} bytes; at most {LARGEST:,} are read.",
                DAMAGED,
            )
        with open(path, "rb") as file:
            return file.read()
    except FileNotFoundError:
        raise MissingModel(
            f"There is no model {name}.", "`voxtrait models` lists those that ship."
        ) from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise MissingModel(
            f"The model {name} cannot be read: {reason}.", "Check the path and its permissions."
        ) from None
