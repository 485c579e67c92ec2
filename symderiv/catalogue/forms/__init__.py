"""Quadratic and bilinear forms, traces and norms."""
