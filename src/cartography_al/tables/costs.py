"""What a strategy's rank costs: mean ranks beside the CPU time of a chain. Measured, so it differs from run to run."""

import pandas as pd

from cartography_al.naming import strategy_title
from cartography_al.tables.table import Block, Cell, Table

BASELINE = "random"


def costs_table(ranks: pd.DataFrame, chains: pd.DataFrame) -> Table:
    """A row for each strategy, the best mean rank first.

    ranks: what significance.ranks.mean_ranks returns.   chains: subject (of any kind), strategy, seed, cpu_seconds of
    each chain; NaN where nothing was measured.
    """
    of_baseline = chains[chains["strategy"] == BASELINE].drop(columns="strategy")
    paired = chains.merge(of_baseline, on=["subject", "seed"], suffixes=("", "_of_baseline")).dropna()
    sums = paired.groupby("strategy")[["cpu_seconds", "cpu_seconds_of_baseline"]].sum()
    data = ranks.sort_values("mean_rank", kind="stable").set_index("strategy")
    data["measured"] = chains.groupby("strategy")["cpu_seconds"].count()
    data["cpu_seconds"] = chains.groupby("strategy")["cpu_seconds"].mean()
    data["times_random"] = sums["cpu_seconds"] / sums["cpu_seconds_of_baseline"]
    rows = [
        [
            Cell(strategy_title(str(row.Index))),
            Cell(f"{row.mean_rank:.2f}"),
            Cell(f"{row.low:.2f} to {row.high:.2f}"),
            Cell("-" if pd.isna(row.cpu_seconds) else f"{row.cpu_seconds:.1f}"),
            Cell("-" if pd.isna(row.times_random) else f"{row.times_random:.2f}"),
            Cell(f"{row.measured} of {row.runs}"),
        ]
        for row in data.itertuples()
    ]
    notes = [
        "Rank and interval: as in the table of ranks.",
        "CPU: seconds of one chain, its iterations with training and evaluation, mean over the chains that were "
        "measured; one that was interrupted and went on was not. "
        "Times Random's: the same chains' seconds over those of Random on the same data and seed.",
        "Measured as the jobs ran, on a machine that this table does not know: unlike the other tables it is not the "
        "same on every run.",
    ]
    header = ("Strategy", "Mean rank", "Interval", "CPU, s", "Times Random's", "Chains measured")
    caption = "What a strategy's rank costs: CPU time of a chain."
    return Table("costs", caption, header, [Block("", rows)], notes, data.reset_index())
