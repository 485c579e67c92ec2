"""A standing opponent: what symderiv says, held against an evaluator that shares nothing with it.

    language    a text of the formula language as Python's own syntax tree
    axes        which axes have one size
    arithmetic  real numbers by mpmath, with a record of every branch taken
    evaluator   the value of a tree at a point
    facts       declared assumptions, kept at every point
    points      sizes, labels and values, drawn as by somebody who wants to see a formula fail
    slopes      first and second derivatives by differences, where no branch changes
    writer      random terms; formulas: random formulas, and what they are differentiated by
    pretenders  terms that are 1 nearly everywhere, each with the place where they are not
    claims      false claims made from true ones; rewrites: true ones; trees: what both stand on
    shrink      a text that fails, cut down to what still fails
    asking      symderiv asked; comparing: its word at points; trial: a word for what came of it

Only `asking` imports symderiv.  To add a kind of formula: a method in `writer`.  To add a way of
being nearly right: a line in `pretenders`.
"""
