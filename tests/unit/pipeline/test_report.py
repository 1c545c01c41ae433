"""The report lists figures and tables as the paper does, although Snakemake sorts by the alphabet."""

from cartography_al.pipeline.report import BEYOND, FINDINGS_CATEGORY, report_entry


def listed(entry: tuple[str, str]) -> list[str]:
    """The key that a browser's localeCompare sorts by: a figure space is a space, spaces come before digits."""
    return [part.replace("\N{FIGURE SPACE}", " ") for part in entry]


def test_entries_stand_in_the_order_of_the_paper_and_ours_after_them() -> None:
    titles = [
        *("Figure 1, data maps", "Figure 2, seed sets", "Figure 3, curves", "Figure 3, curves by protocol"),
        *("Figure 4, batches", "Figure 9, density of a", "Figure 10, density of b", "Figure 11, density of c"),
        *("Table 1, data sets", "Table 2, significance", "Table 2, significance, last", "Table 4, shared"),
        *("Text, accuracies", "Areas under the curves", "Claims: verdicts", "Tables of our own"),
    ]
    entries = [report_entry(title, 11) for title in titles]
    assert sorted(entries, key=listed) == entries
    assert [category for category, _ in entries[-3:]] == [BEYOND] * 3
    assert min(category for category, _ in entries) > FINDINGS_CATEGORY


def test_few_figures_need_no_space() -> None:
    assert report_entry("Figure 3, curves", 9) == ("2. Figures", "Figure 3, curves")
