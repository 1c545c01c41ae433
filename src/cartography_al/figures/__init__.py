"""The figures, one room for each: frames in, matplotlib figures out."""
