"""Where Snakemake's report lists a figure or table: in the order of the paper, what the paper lacks after it.

Snakemake sorts categories, and the entries of each, by the alphabet; hence numbers, and a space of a digit's width.
"""

import re

FINDINGS_CATEGORY = "1. Findings"
BEYOND = "4. Beyond the paper"
_OF_PAPER = {"Figure": "2. Figures", "Table": "3. Tables", "Text": "3. Tables"}


def report_entry(title: str, figures: int) -> tuple[str, str]:
    """The category of an entry, and its title as it is listed.

    title: "Figure 3, learning curves"; the first word tells what the paper has (a figure, a table, numbers in its text)
    from what is ours.   figures: how many numbered figures there are.
    """
    first_word = title.replace(",", " ").split()[0]
    digits = len(str(figures))
    # A figure space sorts before every digit, so that Figure 10 comes after Figure 9.
    padded = re.sub(r"(?<=^Figure )\d+", lambda number: number[0].rjust(digits, "\N{FIGURE SPACE}"), title)
    return _OF_PAPER.get(first_word, BEYOND), padded
