"""Verification: programs against exact arithmetic.

Floor 4: imports floors 0 to 3 and emit.
"""
