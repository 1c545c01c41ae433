"""What several test modules of this folder make and compare with."""

from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import FillBetweenPolyCollection
from matplotlib.figure import Figure

from cartography_al.analysis.batches import batch_statistics
from cartography_al.analysis.curves import learning_curves
from cartography_al.figures.style import save_figure
from cartography_al.naming import PAPER_STRATEGIES


def data_map(rows: int, seed: int = 0) -> pd.DataFrame:
    """Coordinates that ten epochs could give, with every correctness."""
    generator = np.random.default_rng(seed)
    probability = np.clip(generator.beta(2, 1.5, rows) + generator.normal(0, 0.15, (10, rows)), 0, 1)
    return pd.DataFrame(
        {
            "instance_id": np.arange(rows),
            "label": np.zeros(rows, dtype=np.int16),
            "confidence": probability.mean(axis=0),
            "variability": probability.std(axis=0),
            "correctness": (probability > 0.5).mean(axis=0),
        }
    )


def curves(seeds: int = 5, iterations: int = 30, strategies: tuple[str, ...] = PAPER_STRATEGIES) -> pd.DataFrame:
    generator = np.random.default_rng(seeds)
    runs = pd.DataFrame(
        [(strategy, seed, i) for strategy in strategies for seed in range(seeds) for i in range(iterations + 1)],
        columns=["strategy", "seed", "iteration"],
    )
    runs["labelled"] = 500 + 50 * runs["iteration"]
    runs["test_accuracy"] = 0.55 + 0.005 * runs["iteration"] + generator.normal(0, 0.01, len(runs))
    return learning_curves(runs, train_rows=5452)


def batches(seeds: int = 5, iterations: int = 6) -> pd.DataFrame:
    acquired = pd.concat(
        data_map(10, seed=seed * 1000 + i).assign(strategy=strategy, seed=seed, iteration=i)
        for strategy in ("random", "least_confidence", "dal", "cal")
        for seed in range(seeds)
        for i in range(1, iterations + 1)
    )
    return batch_statistics(acquired)


def bands(axis: Axes) -> list[FillBetweenPolyCollection]:
    return [artist for artist in axis.collections if isinstance(artist, FillBetweenPolyCollection)]


def legend_labels(figure: Figure) -> list[str]:
    return [text.get_text() for legend in figure.legends for text in legend.get_texts()]


def saved(figure: Figure, folder: Path) -> tuple[bytes, bytes]:
    save_figure(figure, folder / "figure.pdf", folder / "figure.png")
    return (folder / "figure.pdf").read_bytes(), (folder / "figure.png").read_bytes()
