"""Accuracy of the numerical functions, measured against mpmath at 60 digits."""
