"""Translation: files for a target's arrays, from the graphs that were tried in NumPy.

    standard     how the array API standard says each operation
    words        templates of NumPy's in the calls of the standard, then in a target's own
    fusing       what an engine computes at once, in a graph
    functional   the helpers in calls that change no array
    helpers      the helpers that a file calls
    function     the parts of a function
    slopes       the derivatives by every input, as one program
    written      the file
    networks     the same of a network

Nothing is left in NumPy's words: what has no form in a target is refused.

Floor 4: imports the rest of emit, and below.
"""
