"""Answers as notebooks show them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voxtrait.traits import TRAITS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from voxtrait.runtime.answer import Answer

__all__ = ["answer_html", "answers_html"]

# Colours of the notebook's own theme, so that it can be read on dark ground too.
BAR = "display:inline-block;height:0.7em;background:currentColor;opacity:0.45;width:{width:.1f}em"


def answer_html(answer: Answer) -> str:
    """One answer: what it says, and a bar for each label."""
    from html import escape

    rows = "".join(
        f"<tr><td>{escape(label)}</td><td>{probability:.1%}</td>"
        f'<td style="text-align:left"><span style="{BAR.format(width=10 * probability)}"></span>'
        "</td></tr>"
        for label, probability in answer.probabilities.items()
    )
    return (
        f"<p><b>{escape(TRAITS[answer.trait].title)}</b>: {escape(answer.describe())} "
        f"<small>({escape(answer.model)})</small></p><table>{rows}</table>"
    )


def answers_html(
    caption: str, answers: Iterable[Answer], withheld: Mapping[str, str], warnings: Iterable[str]
) -> str:
    """Several answers as a table with those withheld, and below it what is wrong."""
    from html import escape

    rows = "".join(
        f"<tr><td>{escape(TRAITS[answer.trait].title)}</td><td>{escape(answer.describe())}</td>"
        f"<td><small>{escape(answer.model)}</small></td></tr>"
        for answer in answers
    ) + "".join(
        f"<tr><td>{escape(TRAITS[name].title)}</td><td>{escape(reason)}</td><td></td></tr>"
        for name, reason in withheld.items()
    )
    warned = "".join(f"<p>Warning: {escape(warning)}</p>" for warning in warnings)
    return f"<table><caption>{escape(caption)}</caption>{rows}</table>{warned}"
