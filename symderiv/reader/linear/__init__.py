"""Linear algebra: vector and matrix notation, brought to index notation by shapes.

The way of a text: `typed` parses the NumPy and MATLAB spellings (LaTeX comes as trees already),
`values` says what a whole array is and how its components are written, `operations` what the signs
do to shapes, `functions` what the functions do, `lowering` walks a tree, and `request` puts stages,
variables and claims together.

Imports the rest of the reader.
"""
