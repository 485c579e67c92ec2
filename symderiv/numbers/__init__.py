"""Numbers: a term at numbers, to as many digits as its value needs.

    evaluator   the values of held terms, component by component, by mpmath
    exact       with as many digits as each needs, and how far rounding may move it
    rounding    values of which every part is a little off
    facts       numbers at which what is declared of them holds
    matrices    inverses and determinants
    work        how much a value may take

Floor 1: imports floor 0 and mpmath.  Programs, networks and their claims are held against this;
the judge and `recheck` have an arithmetic of their own.
"""
