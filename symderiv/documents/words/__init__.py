"""Words: the names of rules and the sentences of a page in other languages.

    languages  `words_of`, the words of a language; `translated`, a page in it
    de, fr     one table a language: the names of rules and the sentences of most pages
    remarks    what pages say of exceptions, notes and verdicts, the languages side by side
    titles     what pages are headed with
    checks     what `check` says of somebody else's derivation
    site       what the site adds

English is what the pages are written in; a table has its own name for every rule, by the rule's
identifier, and its own sentence for every English one, with the same gaps.

Floor 4: imports the blocks and the rules; this file nothing, for the sake of the start.

To add a language: a file like `de`, of which all but `RULES` may be empty, and its name below.
Where the languages stand side by side it is the next column; the functions of one number and those
of the catalogue have their titles in their own files.  What is not there stays English.
"""

LANGUAGES = ("de", "fr")  # in the order of the columns
