"""Activations of one unit."""
