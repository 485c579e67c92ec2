"""Pictures: drawings of our own, as SVG and in LaTeX, the same bytes every time.

    drawing   `Drawing`, the marks that a picture is made of
    svg, tex  how a drawing is spelled
    curve     a function of one number with its derivative
    heat      a Jacobian, a Hessian or a gradient at a point, with its numbers
    bars      a gradient check: the error by kind of input

Floor 4: imports floors 0 to 2, the blocks and the values.

To add a picture: a function to a `Picture`, and where it is shown in `presentation`.
"""
