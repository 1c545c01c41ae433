"""What several test modules of this folder make and compare with."""

import pandas as pd


def make_runs(accuracies: dict[tuple[str, int], list[float]], seed_set_size: int = 10, k: int = 5) -> pd.DataFrame:
    """A runs frame from the accuracies of each (strategy, seed)."""
    rows = [
        {
            "strategy": strategy,
            "seed": seed,
            "iteration": iteration,
            "labelled": seed_set_size + k * iteration,
            "test_accuracy": accuracy,
            "macro_f1": accuracy - 0.1,
            "binary_cal_accuracy": None,
            "binary_dal_accuracy": None,
            "single_class": False,
        }
        for (strategy, seed), values in accuracies.items()
        for iteration, accuracy in enumerate(values)
    ]
    return pd.DataFrame(rows).astype(
        {
            "strategy": "str",
            "iteration": "int16",
            "labelled": "int32",
            "binary_cal_accuracy": "Float64",
            "binary_dal_accuracy": "Float64",
        }
    )


def make_acquisitions(batches: dict[tuple[str, int], list[list[int]]]) -> pd.DataFrame:
    """An acquisitions frame from the batches of each (strategy, seed)."""
    rows = [
        (strategy, seed, iteration, instance_id)
        for (strategy, seed), run in batches.items()
        for iteration, batch in enumerate(run, start=1)
        for instance_id in batch
    ]
    frame = pd.DataFrame(rows, columns=["strategy", "seed", "iteration", "instance_id"])
    return frame.assign(label=0, confidence=0.5, variability=0.1, correctness=0.5)
