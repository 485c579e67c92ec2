"""Cross-entropy of softmax, with class labels and with soft targets."""
