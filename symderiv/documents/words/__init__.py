"""Words: the names of rules and the sentences of a page in other languages.

    languages  `words_of`, the words of a language; `translated`, a page in it
    de, fr     one table a language: the names of rules and the sentences of most pages
    remarks    what pages say of exceptions, notes and verdicts, the languages side by side
    titles     what pages are headed with
    checks     what `check` says of somebody else's derivation
    site       what the site adds

English is what the pages are written in; a table has its own name for every rule, by the rule's
identifier, and its own sentence for every English one, with the same gaps.

Floor 4: imports the blocks and the rules.

To add a language: a file like `de`, its row in `languages.TABLES`, and the titles of the functions
of one number in their files in `elementwise`.
"""
