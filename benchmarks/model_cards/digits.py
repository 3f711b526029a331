"""The tables of a card of digits: digits among digits, and other words told from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from model_cards.results import Report, Result, corpus, results
from voxtrait.evaluation.cells import percent, ranged, table
from voxtrait.evaluation.pools import ALL
from voxtrait.evaluation.sections import found_words

__all__ = ["other_words", "words"]


def words(reports: Sequence[Report]) -> str:
    """Digits among digits, and other words told from them, by corpus that has digits."""
    rows = [
        [
            corpus(result),
            report["split"],
            ranged(digits["ten_digits_with_refusals_wrong"]),
            ranged(digits["ten_digits"]),
            ranged(digits["eleven_labels_with_refusals_wrong"]),
            f"{digits['least_recall']['value']:.3f} ({digits['least_recall']['label']})",
        ]
        for report, result, digits in _of_digits(reports)
    ]
    head = ["corpus", "split", "ten digits", "of answers", "eleven labels"]
    return table([*head, "lowest recall of a digit"], rows)


def other_words(reports: Sequence[Report]) -> str:
    """Other words that a threshold finds: all of them, and those that training never heard."""
    rows = [
        [
            corpus(result),
            report["split"],
            percent(found["false_rejection"]),
            found_words(found["others"]),
            found_words(found["unheard"]) if found["unheard"] else "-",
        ]
        for report, result, digits in _of_digits(reports)
        for found in [digits["detection"]]
        if found and found["others"]
    ]
    head = ["corpus", "split", "digits falsely rejected", "other words found", "unheard ones"]
    return table(head, rows)


def _of_digits(reports: Sequence[Report]) -> list[tuple[Report, Result, Mapping[str, Any]]]:
    """Results of corpora that have digits; over all corpora they would be the same again."""
    return [
        (report, result, result["digits"])
        for report in reports
        for result in results(report)
        if result["corpus"] != ALL
        and "digits" in result
        and result["digits"]["least_recall"] is not None
    ]
