"""Many strategies side by side: mean ranks, and which is above which."""

import pandas as pd

from cartography_al.naming import strategy_title
from cartography_al.tables.table import Block, Cell, Table


def ranks_table(ranks: pd.DataFrame, wins: pd.DataFrame) -> Table:
    """A row for each strategy, the best mean rank first, and a column for each, in the same order.

    ranks, wins: what significance.ranks.mean_ranks and pairwise_wins return.
    """
    ranks = ranks.sort_values("mean_rank", kind="stable")
    order = ranks["strategy"].tolist()
    above = wins.set_index(["strategy_a", "strategy_b"])["above"].unstack().reindex(index=order, columns=order)
    rows = []
    for number, row in enumerate(ranks.itertuples(), 1):
        cells = [
            Cell(str(number)),
            Cell(strategy_title(row.strategy)),
            Cell(f"{row.mean_rank:.2f}"),
            Cell(f"{row.low:.2f} to {row.high:.2f}"),
            Cell(f"{above.loc[row.strategy].sum():.0f}"),
            Cell(f"{above[row.strategy].sum():.0f}"),
        ]
        rows.append([*cells, *(Cell("-" if pd.isna(count) else f"{count:.0f}") for count in above.loc[row.strategy])])
    notes = [
        f"Rank: of the area under the learning curve, 1 being the largest, among {len(order)} strategies; mean over "
        f"{ranks['runs'].iloc[0]} runs (data sets, representations and seeds), with Student's 95% interval, which "
        "takes them for independent.",
        f"The numbered columns: in how many of {wins['cases'].iloc[0]} cases (data sets and representations) the row's "
        "area is significantly above that of the strategy with this number: the 95% interval of the mean difference "
        "within seeds lies above 0. Not corrected for the number of pairs: of 40 pairs that do not differ, one is to "
        "be expected. Above and Below: their sums over the row and over the column.",
    ]
    header = ("No.", "Strategy", "Mean rank", "Interval", "Above", "Below", *map(str, range(1, len(order) + 1)))
    data = wins.merge(ranks.rename(columns={"strategy": "strategy_a"}), on="strategy_a")
    return Table("ranks", "Mean ranks, and which strategy is above which.", header, [Block("", rows)], notes, data)
