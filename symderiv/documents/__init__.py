"""Documents: a derivation as a page, for every target from one model.

    presentation  `present`: any derivation as the page that all faces show
    setting       `Setting`: how a page is laid out
    targets       `TARGETS`: everything that a page can be written as; `write`
    press         PDF, SVG and PNG
    pictures/     SVG of our own: a function of one number, an answer at a point, a gradient check
    words/        the names of rules and the sentences in other languages
    book          the committed derivations
    site          the same as pages of HTML, with an index and a page for every rule

    write(present(derivation), "latex", Setting(rules="overset"))

Behind them: `page` (which blocks, in which order), `blocks`, `lines`, `verdicts` and `values`
(what they say), `writer` (what every target must draw) with a file a target.

Floor 4: imports floors 0 to 2.  `setting` and `targets` load nothing heavy, for the command line.

To add a target: one writer, one row in `targets.TARGETS`.
"""
