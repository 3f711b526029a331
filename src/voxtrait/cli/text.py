"""Names and messages made safe to show on a terminal."""

from __future__ import annotations

__all__ = ["escape"]


def escape(text: str) -> str:
    r"""One printable line: what a terminal would obey or cannot show becomes ``\n``, ``\x1b``.

    A file may be called ``\x1b[2J``: printed as it is, it would clear the screen. Formatting
    characters (Unicode's category Cf, which can turn the reading direction) are escaped too.
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
