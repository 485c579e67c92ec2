"""Softmax and its relatives: from logits to probabilities."""
