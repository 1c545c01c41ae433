"""A frozen vector for each text: from words, word vectors and their sums to memory-mapped arrays."""
