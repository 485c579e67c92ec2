"""Documents: a derivation as a page, for every target from one model.

    presentation  `present`: any derivation as the page that all faces show
    setting       `Setting`: how a page is laid out
    targets       `TARGETS`: everything that a page can be written as; `write`
    press         PDF, SVG and PNG
    book          the committed derivations

    write(present(derivation), "latex", Setting(rules="overset"))

Behind them: `page` (which blocks, in which order), `blocks`, `lines`, `verdicts`, `claims` and
`values` (what they say), `writer` (what every target must draw) with a file a target.

Floor 4: imports floors 0 to 2.  `setting` and `targets` load nothing heavy, for the command line.

To add a target: one writer, one row in `targets.TARGETS`.
"""
