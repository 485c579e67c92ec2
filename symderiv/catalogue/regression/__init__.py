"""Losses of regression, margins and factorisations."""
