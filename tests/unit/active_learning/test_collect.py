"""active_learning.collect: what it promises, and what it refuses."""

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from cartography_al.active_learning.collect import collect
from cartography_al.errors import CheckpointError
from tests.unit.active_learning.support import make_checkpoint, write_chains


def test_collect(tmp_path):
    runs, acquisitions, seed_sets, predictions = collect(write_chains(tmp_path))
    chains = [
        (strategy, seed, iteration) for strategy in ("random", "cal") for seed in (7, 3) for iteration in range(3)
    ]
    assert list(runs[["strategy", "seed", "iteration"]].itertuples(index=False, name=None)) == chains
    assert runs["labelled"].tolist() == [5, 8, 11] * 4
    assert runs["labelled_correctness"].tolist() == [
        make_checkpoint(iteration).labelled["correctness"].mean() for _, _, iteration in chains
    ]
    assert (runs["test_accuracy"] == 1 / 3).all()
    assert (runs["macro_f1"] == 0.1).all()
    assert runs["binary_cal_accuracy"].isna().tolist() == [True] * 6 + [False] * 6
    assert runs["binary_dal_accuracy"].isna().all()
    assert runs["single_class"].tolist() == [False] * 6 + [True] * 6
    types = {name: str(kind) for name, kind in runs.dtypes.items() if name != "strategy"}
    assert types == {
        "seed": "int64",
        "iteration": "int16",
        "labelled": "int32",
        "labelled_correctness": "float64",
        "test_accuracy": "float64",
        "macro_f1": "float64",
        "binary_cal_accuracy": "float64",
        "binary_dal_accuracy": "float64",
        "single_class": "bool",
    }

    assert len(acquisitions) == 4 * 2 * 3
    first = acquisitions[(acquisitions["strategy"] == "cal") & (acquisitions["seed"] == 3)]
    assert first["iteration"].tolist() == [1, 1, 1, 2, 2, 2]
    # Each batch with the statistics of the iteration that it entered in, from that iteration's own checkpoint.
    expected = pd.concat(
        [make_checkpoint(1).instances.iloc[5:8], make_checkpoint(2).instances.iloc[8:11]], ignore_index=True
    ).rename(columns={"acquired_iteration": "iteration"})
    assert_frame_equal(first[expected.columns].reset_index(drop=True), expected)
    columns = ["strategy", "seed", "iteration", "instance_id", "label", "confidence", "variability", "correctness"]
    assert list(acquisitions.columns) == columns
    assert not acquisitions.isna().any(axis=None)  # the next batch of the last checkpoint was never trained on

    assert list(seed_sets.columns) == ["seed", "instance_id"]
    assert seed_sets.groupby("seed")["instance_id"].apply(list).to_dict() == {
        seed: [99, 98, 97, 96, 95] for seed in (3, 7)
    }

    assert list(predictions[["strategy", "seed", "iteration"]].itertuples(index=False, name=None)) == chains
    assert {tuple(row) for row in predictions["predictions"]} == {tuple(make_checkpoint().predictions)}


def test_collect_refuses_a_damaged_checkpoint(tmp_path):
    paths = write_chains(tmp_path)
    paths[4].write_bytes(b"PAR1")
    with pytest.raises(CheckpointError, match=r"seed-3/iteration-001\.parquet"):
        collect(paths)


@pytest.mark.parametrize(("source", "held"), [(0, "random/seed-7"), (3, "random/seed-3"), (6, "cal/seed-7")])
def test_collect_refuses_a_checkpoint_of_another_chain(tmp_path, source, held):
    paths = write_chains(tmp_path)
    copied = paths[10]  # cal, seed 3, iteration 1
    copied.write_bytes(paths[source].read_bytes())
    with pytest.raises(CheckpointError, match=rf"{copied}: holds {held}/iteration-000; .*`rm {copied}`"):
        collect(paths)


def test_collect_refuses_a_checkpoint_of_another_iteration(tmp_path):
    paths = write_chains(tmp_path)
    paths[2].write_bytes(paths[1].read_bytes())
    with pytest.raises(CheckpointError, match=rf"{paths[2]}: holds random/seed-7/iteration-001;"):
        collect(paths)
