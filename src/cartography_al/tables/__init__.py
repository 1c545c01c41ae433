"""The tables, one room for each: frames in; CSV, Markdown, LaTeX and HTML out."""
