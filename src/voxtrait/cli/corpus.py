"""``voxtrait corpus``: folders of recordings turned into manifests, and counted."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from voxtrait.cli.corpus_download import EXAMPLE, download
from voxtrait.cli.corpus_reading import read_corpora, read_manifests
from voxtrait.cli.places import check_manifest, is_standard
from voxtrait.cli.roots import Corpora, Roots, parse_roots
from voxtrait.cli.stderr import say
from voxtrait.cli.terminal import standard_output
from voxtrait.cli.text_file import replacing
from voxtrait.errors import CorpusError
from voxtrait.whole_file import target_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voxtrait.corpora.dropped import Dropped
    from voxtrait.corpora.manifest import Manifest

__all__ = ["register"]


class Format(StrEnum):
    """How counts are printed."""

    TABLE = "table"
    JSON = "json"


Probe = Annotated[
    bool,
    typer.Option("--probe", help="Look up durations and sample rates; opens every file."),
]
Shape = Annotated[Format, typer.Option("--format", help="For people, or for programs.")]

corpus = typer.Typer(
    help="Folders of recordings: which can be read, reading them, counting what they hold.",
    invoke_without_command=True,
    rich_markup_mode=None,
    epilog="Example: voxtrait corpus describe fsdd --root fsdd=data/fsdd",
)


def register(app: typer.Typer) -> None:
    """Add ``corpus`` and its commands."""
    app.add_typer(corpus, name="corpus", short_help="Read folders of recordings, and count them.")


@corpus.callback()
def _help(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        typer.echo(context.get_help(), err=True)
        raise typer.Exit(2)


@corpus.command(
    "list",
    epilog="Example: voxtrait corpus list --corpora data",
    short_help="List the corpora that can be read.",
)
def list_corpora(corpora: Corpora = None, roots: Roots = None, shape: Shape = Format.TABLE) -> None:
    """List the corpora that can be read, their licences, and where they were found."""
    from voxtrait.corpora import READERS
    from voxtrait.corpora.collection import roots_of
    from voxtrait.corpora.sheet import sheet_of

    given = parse_roots(roots or ())
    for place in (place for places in given.values() for place in places):
        if not place.exists():
            raise CorpusError(f"There is no folder {place}.", "Check the path of --root.")
    found = roots_of((), corpora, given) if corpora is not None or given else {}
    sheets = [sheet_of(name) for name in READERS]
    if shape is Format.JSON:
        for sheet in sheets:
            cells = {"name": sheet.name, "title": sheet.title, "licence": sheet.licence}
            places = [str(place) for place in found.get(sheet.name, ())]
            _print_json({**cells, "found": places, "sheet": sheet.text})
        return
    from voxtrait.cli.corpus_tables import print_sheets

    print_sheets(sheets, found)


@corpus.command(
    "read",
    epilog="Example: voxtrait corpus read fsdd --corpora data --output fsdd.jsonl",
    short_help="Read corpora into one manifest.",
)
def read(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="CORPUS", help="Which; without, all found.")
    ] = None,
    corpora: Corpora = None,
    roots: Roots = None,
    output: Annotated[
        str | None,
        typer.Option("--output", "-o", metavar="FILE", help="Manifest to write, as JSON Lines."),
    ] = None,
    probe: Probe = False,
    shape: Shape = Format.TABLE,
) -> None:
    """Read corpora into one manifest; what is left out is counted with its reason.

    Without --output the manifest goes to standard output; with it, the counts do.
    """
    from voxtrait.corpora.line import to_line

    out = standard_output()
    target = None if output is None or is_standard(output) else Path(output)
    if target is not None:
        check_manifest(target_of(target))  # before the work
    manifest, dropped = read_corpora(
        names or (), corpora, parse_roots(roots or (), names or ()), probe=probe
    )
    if target is not None:
        with replacing(target):
            manifest.write_jsonl(target)
        say("note", f"Wrote {len(manifest)} rows to {target}.")
        _print_counts(manifest, dropped, shape)
        return
    for row in manifest:
        out.write(f"{to_line(row)}\n")
    for name, counts in dropped.items():
        for reason, count in (counts.rows + counts.labels).most_common():
            say("note", f"{name}: left out {count} x {reason} ({counts.examples[reason]})")


corpus.command("download", epilog=EXAMPLE, short_help="Get a corpus from its makers.")(download)


@corpus.command(
    "describe",
    epilog="Example: voxtrait corpus describe fsdd.jsonl --format json",
    short_help="Count recordings and speakers by label.",
)
def describe(
    what: Annotated[
        list[str] | None,
        typer.Argument(metavar="CORPUS|MANIFEST", help="Corpora, or manifest files."),
    ] = None,
    corpora: Corpora = None,
    roots: Roots = None,
    probe: Probe = False,
    shape: Shape = Format.TABLE,
) -> None:
    """Count recordings and speakers by label, perceived gender, age group and language.

    Perceived gender: as the corpus's speakers or editors labelled it.
    """
    from voxtrait.corpora import READERS, Manifest

    standard_output()  # before the work
    files = [text for text in what or () if text not in READERS]
    names = [text for text in what or () if text in READERS]
    rows, dropped = read_manifests(files, probe=probe)
    if names or not files:
        manifest, of_corpora = read_corpora(
            names, corpora, parse_roots(roots or (), names), probe=probe
        )
        rows += manifest
        dropped |= of_corpora
    _print_counts(Manifest(rows), dropped, shape)


def _print_counts(manifest: Manifest, dropped: Mapping[str, Dropped], shape: Format) -> None:
    description = manifest.describe()
    if shape is Format.JSON:
        left_out = {name: counts.to_dict() for name, counts in dropped.items()}
        _print_json({**description.to_dict(), "dropped": left_out})
        return
    from voxtrait.cli.corpus_tables import print_description, print_dropped

    print_description(description)
    print_dropped(dropped)


def _print_json(value: object) -> None:
    standard_output().write(f"{json.dumps(value)}\n")
