"""First steps: partial derivatives of functions of two scalars."""
