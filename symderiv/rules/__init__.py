"""Rules: every law by which a line becomes the next, and the order in which they are tried.

`registry` holds the rules, `order` says when each fires; the other files are the laws, a file for
each kind.

Floor 1: imports floor 0, and the reader, which reads laws and examples.
"""
