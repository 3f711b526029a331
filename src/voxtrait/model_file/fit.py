"""Whether a card fits its graph, before a library is given the graph."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voxtrait.errors import WrongModel

if TYPE_CHECKING:
    from voxtrait.model_file.card import Card
    from voxtrait.model_file.outline import Outline, Port

__all__ = ["check_fit"]

OLDEST_OPSET = 17
STANDARD = {"", "ai.onnx"}
FLOAT, INT64 = 1, 7
AGAIN = "Export the model again with `voxtrait export`."


def check_fit(card: Card, found: Outline) -> None:
    """Hold a graph's declarations to the model file's rules and to its card.

    Raises:
        WrongModel: data outside the file; operators that are not standard, or too old; an input or
            output missing, of another type or another shape than the card says.
    """
    _check_contents(found)
    _check_inputs(card, found)
    widths: dict[str, int | None] = {
        name: len(trait.labels) for name, trait in card.traits.items()
    } or {"speech": None}
    for name, width in widths.items():
        port = _port(found.outputs, name, "output", FLOAT)
        if width is not None and port.shape[1] not in (width, None):
            raise WrongModel(
                f"the card has {width} labels for {name}, but the graph's output {name} is "
                f"{port.shape[1]} wide.",
                "Write the card of this very network into the file.",
            )
    if surplus := sorted(set(found.outputs) - set(widths)):
        raise WrongModel(
            f"the graph's outputs {surplus} are not on its card, which has {sorted(widths)}.",
            "Write the card of this very network into the file.",
        )


def _check_contents(found: Outline) -> None:
    if found.external:
        raise WrongModel(
            f"{len(found.external)} of its tensors lie outside the file, "
            f"the first is {found.external[0]!r}.",
            "Save the model as one file, without external data.",
        )
    if foreign := sorted((found.domains | set(found.opsets)) - STANDARD):
        raise WrongModel(
            f"it needs operators of {', '.join(map(repr, foreign))}; only standard ONNX is run.",
            AGAIN,
        )
    opset = max((found.opsets.get(domain, 0) for domain in STANDARD), default=0)
    if opset < OLDEST_OPSET:
        raise WrongModel(
            f"its operators are of opset {opset}; at least {OLDEST_OPSET} is needed.", AGAIN
        )


def _check_inputs(card: Card, found: Outline) -> None:
    waveform = _port(found.inputs, "waveform", "input", FLOAT)
    lengths = _port(found.inputs, "lengths", "input", INT64, dimensions=1)
    if surplus := sorted(set(found.inputs) - {"waveform", "lengths"}):
        raise WrongModel(f"the graph wants inputs nobody has: {surplus}.", AGAIN)
    if card.kind == "traits" and (waveform.shape[0], lengths.shape[0]) != (None, None):
        raise WrongModel(
            f"the graph takes batches of {waveform.shape[0] or lengths.shape[0]} only; "
            "its batch must be free.",
            AGAIN,
        )
    need = round(card.window.seconds * card.sample_rate)
    if waveform.shape[1] not in (None, need):
        raise WrongModel(
            f"the graph takes {waveform.shape[1]} samples, but the card's window of "
            f"{card.window.seconds:g} s at {card.sample_rate} Hz has {need}.",
            AGAIN,
        )


def _port(ports: dict[str, Port], name: str, side: str, element: int, dimensions: int = 2) -> Port:
    if name not in ports:
        raise WrongModel(f"the graph has no {side} {name!r}, only {sorted(ports)}.", AGAIN)
    port = ports[name]
    if port.element != element or len(port.shape) != dimensions:
        kinds = {FLOAT: "float32", INT64: "int64"}
        raise WrongModel(
            f"the graph's {side} {name} is {kinds.get(port.element, f'type {port.element}')} with "
            f"{len(port.shape)} dimensions; it must be {kinds[element]} with {dimensions}.",
            AGAIN,
        )
    return port
