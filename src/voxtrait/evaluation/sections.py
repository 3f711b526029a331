"""The tables of one trait on one set of recordings, in Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from voxtrait.evaluation.cells import percent, ranged, table

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "confusion_table",
    "coverage_table",
    "digits_table",
    "found_words",
    "recall_table",
    "years_table",
]


def recall_table(result: Mapping[str, Any]) -> str:
    """Recall of each true label."""
    rows = [
        [
            *(label, row["speakers"], row["clips"] + row["refused"], row["refused"]),
            f"{row['with_refusals_wrong']:.3f}",
            "-" if row["value"] is None else f"{row['value']:.3f}",
        ]
        for label, row in result["recall"].items()
    ]
    return table(["true label", "speakers", "clips", "refused", "recall", "of answers"], rows)


def confusion_table(result: Mapping[str, Any]) -> str:
    """Counts, truth down and answer across."""
    labels, counts = result["confusion"]["labels"], result["confusion"]["counts"]
    rows = [[label, *row] for label, row in zip(labels, counts, strict=True) if any(row)]
    return table(["truth down, answer across", *labels], rows)


def years_table(years: Mapping[str, Any]) -> str:
    """Errors in years, over all and by decade."""
    rows = [
        ["mean absolute error, years", ranged(years["mae_years"], "{:.2f}")],
        ["the training median's, years", ranged(years["mae_of_median_years"], "{:.2f}")],
        ["ratio of the two", ranged(years["mae_ratio"])],
        ["mean signed error, years", ranged(years["bias_years"], "{:+.2f}")],
        ["within one group", ranged(years["within_one_group"])],
        ["truth inside the 80 % interval", ranged(years["interval_coverage"])],
    ]
    decades = [
        [
            row["name"],
            row["speakers"],
            "-" if row["bias"] is None else f"{row['bias']:+.1f}",
            "-" if row["mae"] is None else f"{row['mae']:.1f}",
        ]
        for row in years["by_decade"]
    ]
    return "\n\n".join(
        [
            table(["years", "value"], rows),
            table(["true decade", "speakers", "signed error, years", "absolute error"], decades),
        ]
    )


def digits_table(digits: Mapping[str, Any]) -> str:
    """What single words ask for beyond the labels; without digits nothing."""
    renormalised = digits["ten_digits_renormalised"]
    if renormalised is None:
        return ""
    rows = [
        [
            "ten digits, `not_a_digit` and no answer being wrong",
            ranged(digits["ten_digits_with_refusals_wrong"]),
        ],
        ["the same, where there is an answer", ranged(digits["ten_digits"])],
        ["ten digits, when it must be one", f"{renormalised:.3f}"],
        [
            f"lowest recall of a digit, no answer being wrong: {digits['least_recall']['label']}",
            f"{digits['least_recall']['value']:.3f}",
        ],
        [
            "eleven labels, no answer being wrong",
            ranged(digits["eleven_labels_with_refusals_wrong"]),
        ],
        ["the same, where there is an answer", ranged(digits["eleven_labels"])],
    ]
    found = digits["detection"]
    if found and found["others"]:
        share = percent(found["false_rejection"])
        rows.append(
            [f"other words found, {share} of digits rejected", found_words(found["others"])]
        )
        unheard = found["unheard"]
        rows.append(
            [
                "of these, words that training never heard alone",
                found_words(unheard) if unheard else "not known",
            ]
        )
    words = found["words"] if found else {}
    listed = ", ".join(f"{word} {percent(row['rate'])}" for word, row in words.items())
    return table(["digits", "value"], rows) + (f"\n\nFound by word: {listed}." if listed else "")


def found_words(found: Mapping[str, Any]) -> str:
    """``93.1 % (90.2 to 95.5), 209 clips of 25 words``."""
    share = percent(found["value"])
    if found["low"] is not None:
        share += f" ({100 * found['low']:.1f} to {100 * found['high']:.1f})"
    return f"{share}, {found['clips']} clips of {found['words']} words"


def coverage_table(result: Mapping[str, Any]) -> str:
    """Errors among the surest answers."""
    rows = [
        [percent(row["coverage"]), percent(row["risk"]), f"{row['least_probability']:.3f}"]
        for row in result["coverage_risk"]
    ]
    return table(["surest answers kept", "errors among them", "least probability"], rows)
