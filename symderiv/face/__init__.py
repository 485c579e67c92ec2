"""The face: from what a person asks to the answer, the same for command line, Python and Sphinx.

    request     what is asked: one frozen `Request`, its fields the options of every face
    calls       what `import symderiv` gives: `jacobian`, `gradient`, `hessian`, `derive`
    choice      which derivative of the catalogue a request means
    answering   a request to its answer
    derived     a problem and a request to a derivation
    trees       SymPy's expressions into the formula language, and the user's own symbols back
    counting    indices from 0, as SymPy's `Idx` has them, to indices from 1, and back
    answer      `Answer`, a derivation that shows itself
    source      its functions and files of them, each tried before it is handed out
    late        everything that brings SymPy in, imported when it is called

The way of a request: `calls` or a command makes a `Request` and hands it to `late.answer`;
`answering` finds the function, has it read, and `derived` derives it; `answer` shows it.

Floor 5: imports the floors below.
"""
