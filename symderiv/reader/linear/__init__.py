"""Linear algebra: vector and matrix notation, brought to index notation by shapes.

The way of a text: `typed` cuts it, `spelling` parses what NumPy and MATLAB write (LaTeX comes as
trees already), `values` says what a whole array is and how its components are written, `operations`
what the signs do to shapes, `functions` what a call means (with `components`, `wholes` and
`reductions`), `lowering` walks a tree, and `request` puts stages, variables and claims together.

Imports the rest of the reader.
"""
