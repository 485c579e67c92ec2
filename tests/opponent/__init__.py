"""A standing opponent: what symderiv says, held against an evaluator that shares nothing with it.

    language    a text of the formula language as Python's own syntax tree, and whose axis is whose
    evaluator   the value of such a tree at a point, by mpmath, with a record of every branch taken
    points      sizes, labels and values, drawn as by somebody who wants to see a formula fail
    slopes      first and second derivatives by differences, where no branch changes
    formulas    random formulas, richer than a person writes
    pretenders  expressions that are 1 nearly everywhere, each with the place where they are not
    claims      false claims made from true ones, and true ones made from true ones
    shrink      a text that fails, cut down to what still fails
    trial       what is asked of symderiv and how its word is classed: the only file that imports it

Nothing here but `trial` imports symderiv.  To add a kind of formula: a case in `formulas`.  To add
a way of being nearly right: a line in `pretenders`.
"""
