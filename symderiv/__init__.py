"""symderiv: derivatives in index notation."""
