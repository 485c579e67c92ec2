"""LaTeX: formulas as authors type them, to trees of the formula language.

The way of a text: `macros` finds what its author defined, `tokens` cuts it and puts that in,
`grammar` reads sums and products with the reach that an author means, `scripts` and `atoms` names
and what stands around them, `applications` functions, `authored` those of the author, `operators`,
`ranges` and `derivatives` what reaches over something, `names` makes identifiers, `lefts` reads
what stands before the sign of a definition, and `statements` says what is defined.

Imports the rest of the reader.
"""
