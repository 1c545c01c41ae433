"""The classifiers: weights, the training loop, training dynamics and metrics. Knows nothing of active learning."""
