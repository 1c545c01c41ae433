"""What only workflow/ needs: the configuration checked and planned, code as an input, locks, reference runs."""
