"""What several test modules of this folder make and compare with."""

import pandas as pd


def all_runs(curves: dict[str, list[list[float]]]) -> pd.DataFrame:
    """Runs from the curves of each strategy, one for each of the seeds 11, 12, ...; rows in a scrambled order."""
    rows = [
        (strategy, 11 + position, iteration, 100 + 50 * iteration, accuracy)
        for strategy, of_strategy in curves.items()
        for position, curve in enumerate(of_strategy)
        for iteration, accuracy in enumerate(curve)
    ]
    frame = pd.DataFrame(rows, columns=["strategy", "seed", "iteration", "labelled", "test_accuracy"])
    return frame.sample(frac=1, random_state=0, ignore_index=True)
