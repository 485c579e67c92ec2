"""Programs from derivations: NumPy functions and files of them.

    answer_program(derivation)         the program of the derivation's answer
    family(derivation, "L")            value, derivative, both at once, products with a vector
    file_of(programs, about)           a file that imports NumPy alone
    python -m symderiv.emit FILE       all functions of the catalogue

Floor 4: imports floors 0 to 3, and atoms.  The way of a formula: `family` says which functions a
derivation gives, `program` makes one: `lower` turns its terms into a `graph` of `nodes` (with
`components` and `indices` for subscripts, `scaled` and `shifts` for exponentials, `norms` for sums
of squares, `roots` of products, `ratios` of powers, `series` and `laws` for what loses digits, each
of their `rewritings` judged, loops of recurrences as nodes), `writer` turns the graph into Python's
`ast` in the `words` of a target (with `contracting`; `rows` changes entries in place, for NumPy),
`asked` says what is asked of arguments (`entrance` in NumPy's words), `docstrings` describes it.
Its `parts` are made a file by `module`, the one place where a tree is printed (with `inlining`), or
by `translation`; a long line is broken to a `width`.
"""
