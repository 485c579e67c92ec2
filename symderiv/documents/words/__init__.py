"""Words: the names of rules and the sentences of a page in other languages.

    languages     `words_of`, the words of a language; `translated`, a page in it
    de.json, …    one file a language, found by being there

English is what the pages are written in.  A language's file has the names of `rules` by identifier
and, by their English, the sentences of `pages`, what `check` says of somebody else's derivation and
what the `site` adds; `{x}` stands for what is particular, and may be a sentence again; `spaces` are
the marks which a space before or after binds to the words.  The functions of one number and those
of the catalogue have their titles in their own files.  What is not there stays English, and a test
says how much of a language there must be.

Floor 4: imports the blocks and the rules; this file the standard library, for the sake of the
start.

To add a language: its file, `es.json`, with at least the names of `rules`.
"""

from __future__ import annotations

import os

LANGUAGES = tuple(
    sorted(name.removesuffix(".json") for name in os.listdir(__path__[0]) if name.endswith(".json"))
)
