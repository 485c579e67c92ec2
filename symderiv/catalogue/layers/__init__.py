"""Losses through a layer: weights, biases, inputs, batches."""
