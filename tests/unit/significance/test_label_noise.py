"""What wrong labels cost, on curves whose answer is known."""

import pandas as pd
import pytest

from cartography_al.significance.intervals import over_seeds
from cartography_al.significance.label_noise import noise_effects


def runs(lower: float = 0.0) -> pd.DataFrame:
    """Flat but for the last point; CAL loses twice what Random does."""
    return pd.DataFrame(
        [
            (strategy, seed, iteration, 0.8 - (1 + (strategy == "cal")) * lower + seed / 100 + (iteration == 2) * 0.04)
            for strategy in ("random", "cal")
            for seed in (1, 2, 3)
            for iteration in range(3)
        ],
        columns=["strategy", "seed", "iteration", "test_accuracy"],
    )


def test_the_cost_is_within_seeds_and_the_share_is_that_of_the_last_iteration() -> None:
    acquired = pd.DataFrame(
        [
            (strategy, seed, iteration, 0.9 if iteration == 1 else 0.1 * seed, 0.2)
            for strategy in ("random", "cal")
            for seed in (1, 2, 3)
            for iteration in (1, 2)
        ],
        columns=["strategy", "seed", "iteration", "share", "chance"],
    )
    effects = noise_effects(acquired, runs(0.05), runs()).set_index("strategy")
    assert effects.index.tolist() == ["random", "cal"]
    assert effects["seeds"].tolist() == [3, 3]
    assert effects["area_change"].tolist() == pytest.approx([-0.05, -0.1])
    assert effects["final_change"].tolist() == pytest.approx([-0.05, -0.1])
    assert effects["area_change_low"].tolist() == pytest.approx([-0.05, -0.1])  # the same for every seed
    assert effects["area"].tolist() == pytest.approx([0.78, 0.73])
    interval = over_seeds(pd.Series([0.1, 0.2, 0.3]))
    assert tuple(effects.loc["cal", ["share", "share_low", "share_high"]]) == pytest.approx(interval)
    assert effects.loc["cal", "lift"] == pytest.approx(1.0)


def test_one_seed_has_no_interval() -> None:
    one = runs()[lambda frame: frame["seed"] == 1]
    acquired = one.assign(share=0.3, chance=0.2)
    effects = noise_effects(acquired, one, one)
    assert effects[["share_low", "area_change_high"]].isna().all(axis=None)
    assert effects["area_change"].tolist() == [0.0, 0.0]
