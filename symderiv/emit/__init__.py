"""NumPy source from derivations."""
