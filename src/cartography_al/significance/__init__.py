"""Is a difference more than chance? ASO, paired tests and intervals, and how often these tests err."""
