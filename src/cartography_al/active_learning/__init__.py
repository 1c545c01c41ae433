"""Algorithm 1: seed set, main classifier, one iteration, a chain of them, and their checkpoints."""
