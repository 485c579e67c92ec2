"""Translation: from the lines that were tried in NumPy to a target's file.

    standard     how the array API standard says each operation
    translated   NumPy's words in the calls of the standard, then in a target's own
    functional   the helpers in calls that change no array
    helpers      the helpers that a file calls
    function     the parts of a function, translated
    slopes       the derivatives by every input, as one program
    written      the file

Nothing is left in NumPy's words: what has no form in a target is refused.

Floor 4: imports the rest of emit, and below.
"""
