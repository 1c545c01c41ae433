"""active_learning.iteration: what it promises, and what it refuses."""

import hashlib
import shutil
import threading
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, get_args, get_type_hints

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from cartography_al.acquisition.registry import STRATEGIES
from cartography_al.active_learning.iteration import Run, run_iteration
from cartography_al.active_learning.main_classifier import model_state, predict_test
from cartography_al.errors import CheckpointError
from cartography_al.learning.models import ClassifierSettings
from cartography_al.naming import PAPER_STRATEGIES
from cartography_al.protocol import AS_WRITTEN, RELEASED, Protocol
from tests.unit.active_learning.support import (
    BOTH,
    CLASSES,
    Counter,
    chain,
    cut,
    first_iteration,
    flip,
    make_run,
    run_in_blocks,
)


def test_strategies_with_the_same_seed_start_alike():
    """So runs are paired: the same seed set, the same first model, the same first accuracy and data map."""
    starts = [run_iteration(make_run(strategy), None)[0] for strategy in STRATEGIES]
    assert len({start.labelled.to_json() for start in starts}) == 1
    assert len({(start.test_accuracy, start.macro_f1, str(start.class_accuracy)) for start in starts}) == 1
    assert len({start.next_batch_ids.tobytes() for start in starts}) == len(STRATEGIES)


def test_seeds_differ():
    starts = [run_iteration(make_run(seed=seed), None)[0] for seed in (7, 8)]
    assert starts[0].labelled["instance_id"].tolist() != starts[1].labelled["instance_id"].tolist()


@BOTH
@pytest.mark.parametrize("strategy", STRATEGIES)
def test_the_labelled_set_grows_by_the_query_size(strategy, protocol):
    run = make_run(strategy, protocol)
    checkpoints = chain(run, 3)
    assert [checkpoint.iteration for checkpoint in checkpoints] == [0, 1, 2, 3]
    for iteration, checkpoint in enumerate(checkpoints):
        instances = checkpoint.instances
        assert len(checkpoint.labelled) == 20 + 6 * iteration
        assert len(instances) == 20 + 6 * (iteration + 1)
        assert instances["instance_id"].is_unique
        assert instances["acquired_iteration"].tolist() == sorted([0] * 20 + [*range(1, iteration + 2)] * 6)
        assert instances["label"].tolist() == run.data.train_labels[instances["instance_id"]].tolist()
        assert not checkpoint.labelled.isna().any(axis=None)
        unknown = instances.iloc[-6:][["confidence", "variability", "correctness"]]
        assert unknown.isna().all(axis=None)
        if iteration:  # what was chosen is what is labelled now, in the same order
            before = checkpoints[iteration - 1].instances["instance_id"].tolist()
            assert checkpoint.labelled["instance_id"].tolist() == before


def test_what_a_checkpoint_says_of_its_run():
    run = make_run("cal_dal")
    checkpoint, trained = run_iteration(run, None)
    predictions = predict_test(run.data, trained.model, run.seed, 0, run.protocol)
    assert (checkpoint.digest, checkpoint.dataset, checkpoint.strategy) == (run.digest, "made", "cal_dal")
    assert (checkpoint.seed, checkpoint.iteration) == (7, 0)
    assert_array_equal(checkpoint.predictions, predictions)
    assert checkpoint.predictions.dtype == np.int16
    assert checkpoint.test_accuracy == (predictions == run.data.test_labels).mean()
    assert checkpoint.parameters == run.parameters
    assert list(checkpoint.class_accuracy) == list(CLASSES)
    assert checkpoint.class_accuracy["a"] == (predictions[run.data.test_labels == 0] == 0).mean()
    assert set(checkpoint.binary_classifiers) == {"cal", "dal"}
    assert sum(checkpoint.binary_classifiers["cal"].rows_per_class) == 20
    assert checkpoint.binary_classifiers["dal"].rows_per_class == (20, 60)


@BOTH
@pytest.mark.parametrize("strategy", ["random", "cal_dal"])
def test_blocks_do_not_change_a_byte(tmp_path, strategy, protocol):
    """Also where weights and optimiser state are carried in a file from block to block (D3)."""
    run = make_run(strategy, protocol)
    whole = run_in_blocks(run, tmp_path / "whole", [range(6)])
    assert run_in_blocks(run, tmp_path / "ones", [range(i, i + 1) for i in range(6)]) == whole
    assert run_in_blocks(run, tmp_path / "threes", [range(3), range(3, 6)]) == whole
    assert run_in_blocks(run, tmp_path / "uneven", [range(4), range(4, 6)]) == whole


@BOTH
def test_a_killed_block_goes_on_where_it_was(tmp_path, monkeypatch, protocol):
    run = make_run(protocol=protocol)
    whole = run_in_blocks(run, tmp_path / "whole", [range(3)])
    counter = Counter(monkeypatch)
    counter.killed_block(1, run, tmp_path / "killed")
    assert run_in_blocks(run, tmp_path / "killed", [range(3)]) == whole
    assert counter.iterations == [1, 2]


def empty(path: Path) -> None:
    path.write_bytes(b"")


@BOTH
@pytest.mark.parametrize("damage", [cut, flip, empty, Path.unlink], ids=["cut", "flipped", "empty", "deleted"])
@pytest.mark.parametrize("kind", ["iteration-000.parquet", "iteration-000-state.parquet"])
def test_a_damaged_file_in_the_workspace_is_made_again(tmp_path, monkeypatch, protocol, damage, kind):
    run = make_run(protocol=protocol)
    whole = run_in_blocks(run, tmp_path / "whole", [range(3)])
    counter = Counter(monkeypatch)
    workspace = counter.killed_block(2, run, tmp_path / "killed")
    if protocol.weight_reset and "state" in kind:
        assert not list(workspace.glob("*state*"))
        return
    damage(workspace / kind)
    assert run_in_blocks(run, tmp_path / "killed", [range(3)]) == whole
    assert counter.iterations == [0, 2]


def test_what_another_experiment_left_in_the_workspace_is_not_used(tmp_path, monkeypatch):
    run = make_run()
    whole = run_in_blocks(run, tmp_path / "whole", [range(3)])
    counter = Counter(monkeypatch)
    counter.killed_block(2, replace(run, query_size=5), tmp_path / "killed")
    assert run_in_blocks(run, tmp_path / "killed", [range(3)]) == whole
    assert counter.iterations == [0, 1, 2]


def test_what_other_code_left_in_the_workspace_is_not_used_and_cleared(tmp_path, monkeypatch):
    run, folder = make_run(), tmp_path / "killed"
    whole = run_in_blocks(run, tmp_path / "whole", [range(3)])
    counter = Counter(monkeypatch)
    workspace = counter.killed_block(2, run, folder)
    workspace.rename(workspace.with_name("other"))
    assert run_in_blocks(run, folder, [range(3)]) == whole
    assert counter.iterations == [0, 1, 2]


def test_another_process_may_finish_the_same_block_first(tmp_path, monkeypatch):
    """It writes the same outputs and takes the workspace away while this one trains."""
    run, folder = make_run(), tmp_path / "both"
    whole = run_in_blocks(run, tmp_path / "whole", [range(3)])

    def other_finishes() -> None:
        shutil.copytree(tmp_path / "whole", folder, dirs_exist_ok=True)
        shutil.rmtree(folder / "unfinished", ignore_errors=True)

    Counter(monkeypatch, also=other_finishes)
    assert run_in_blocks(run, folder, [range(3)]) == whole


def test_a_block_does_without_a_workspace_that_is_cleared_at_any_moment(tmp_path):
    run = make_run(protocol=RELEASED)
    whole = run_in_blocks(run, tmp_path / "whole", [range(3)])
    finished = threading.Event()

    def clear() -> None:
        while not finished.is_set():
            shutil.rmtree(tmp_path / "both" / "unfinished", ignore_errors=True)

    other = threading.Thread(target=clear)
    other.start()
    try:
        for _ in range(10):
            assert run_in_blocks(run, tmp_path / "both", [range(3)]) == whole
            shutil.rmtree(tmp_path / "both")
    finally:
        finished.set()
        other.join()


def test_a_state_of_another_model_is_refused():
    with pytest.raises(CheckpointError, match=r"model state of shape \[10\] does not fit"):
        run_iteration(make_run(protocol=RELEASED), None, np.zeros(10, np.float32))


# Of this project's own strategies: what a switch does to one that a user adds cannot be known here.
FACETS = ["seed set", "model", "dynamics", "test", *PAPER_STRATEGIES]


LEARNT = {"dynamics", "least_confidence", "entropy", "bald", "dal", "cal", "cal_dal"}


MODEL_CHANGES: tuple[set[str], set[str]] = ({"model", *LEARNT}, {"test"})


# What must change in the first iteration, and what may; everything else must stay the same to the last byte.
EFFECTS: dict[str, tuple[set[str], set[str]]] = {
    "padding": (set(), set()),  # D1 acts on the features
    "evaluation_dropout": (LEARNT - {"bald"}, {"test"}),  # D2; bald's passes always have dropout
    "weight_reset": (set(), set()),  # D3 acts from the second iteration on, see below
    "hidden_layers": MODEL_CHANGES,  # D4
    "shuffling": MODEL_CHANGES,  # D5
    "dynamics": ({"dynamics", "cal", "cal_dal"}, set()),  # D6
    "correctness_rounding": ({"cal", "cal_dal"}, set()),  # D7
    "cal_representations": ({"cal", "cal_dal"}, set()),  # D8
    "dal_representations": ({"dal", "cal_dal"}, set()),  # D9
    "binary_hidden_layer": ({"cal", "dal", "cal_dal"}, set()),  # D10
    "dal_scores": ({"dal", "cal_dal"}, set()),  # D11
    "bald_mean": ({"bald"}, set()),  # D12
    "seed_set": ({"seed set", "random", *MODEL_CHANGES[0]}, {"test"}),  # D13
    "backslashes": (set(), set()),  # D16 acts on the features
}


def other_value(switch: str) -> Any:
    options = get_args(get_type_hints(Protocol)[switch]) or (False, True)
    return next(option for option in options if option != getattr(AS_WRITTEN, switch))


@pytest.mark.parametrize("switch", EFFECTS)
def test_a_switch_changes_what_it_should_and_nothing_else(switch, as_written):
    turned = first_iteration(replace(AS_WRITTEN, **{switch: other_value(switch)}))
    changed = {facet for facet in FACETS if turned[facet] != as_written[facet]}
    must, may = EFFECTS[switch]
    assert changed - may == must


def test_no_switch_is_forgotten():
    assert list(EFFECTS) == [field.name for field in fields(Protocol)]


def test_d3_goes_on_with_weights_and_optimizer():
    """The second iteration starts where the first ended; with the reset it starts anew, whatever state it is given."""
    carrying = make_run(protocol=replace(AS_WRITTEN, weight_reset=False))
    start, trained = run_iteration(carrying, None)
    state = model_state(trained)
    parameters = trained.model.parameters.numpy()
    assert_array_equal(state[: len(parameters)], parameters)
    assert state.dtype == np.float32
    steps = 4 * 3  # epochs x batches of 20 rows
    assert state[-1] == steps
    following = run_iteration(carrying, start, state)[1]
    assert model_state(following)[-1] == steps + 4 * 4  # 26 rows now
    reset = run_iteration(make_run(), run_iteration(make_run(), None)[0])[1]
    moved = np.abs(following.model.parameters.numpy() - parameters).max()
    assert moved < 16 * 5e-3 * 1.1 + 0.01  # Adam moves a weight by about the learning rate a step
    assert not np.array_equal(reset.model.parameters, following.model.parameters)
    assert model_state(reset)[-1] == 4 * 4


def test_d9_trains_dal_on_epochs_times_labelled_rows():
    protocol = replace(AS_WRITTEN, dal_representations="every_epoch")
    checkpoints = chain(make_run("dal", protocol), 1)
    rows = [checkpoint.binary_classifiers["dal"].rows_per_class for checkpoint in checkpoints]
    assert rows == [(4 * 20, 60), (4 * 26, 54)]
    rows = [checkpoint.binary_classifiers["dal"].rows_per_class for checkpoint in chain(make_run("dal"), 1)]
    assert rows == [(20, 60), (26, 54)]


def digest_changes() -> dict[str, Run]:
    run = make_run()
    changed = {
        "data name": replace(run, data=replace(run.data, name="other")),
        "classes": replace(run, data=replace(run.data, classes=("a", "b", "d"))),
        "fingerprint": replace(run, data=replace(run.data, fingerprint={"train texts": "0e"})),
        "strategy": replace(run, strategy="cal-threshold-0.2"),
        "seed": replace(run, seed=8),
        "seed_set_size": replace(run, seed_set_size=21),
        "query_size": replace(run, query_size=7),
        "parameters": replace(run, parameters={"correctness_threshold": 0.4}),
        "seed_set": replace(run, seed_set="diverse"),
    }
    assert {field.name for field in fields(Run)} - set(changed) == {
        *("data", "protocol", "main_settings", "binary_settings", "select", "device")
    }
    for switch in EFFECTS:
        changed[f"switch {switch}"] = replace(run, protocol=replace(run.protocol, **{switch: other_value(switch)}))
    for which in ("main_settings", "binary_settings"):
        for field in fields(ClassifierSettings):
            value = getattr(getattr(run, which), field.name)
            other = (0.8, 0.99) if field.name == "betas" else value + type(value)(1)
            settings = replace(getattr(run, which), **{field.name: other})
            changed[f"{which} {field.name}"] = replace(run, **{which: settings})
    return changed


def test_the_digest_changes_with_each_setting():
    digests = {name: run.digest for name, run in digest_changes().items()}
    assert make_run().digest not in digests.values()
    assert len(set(digests.values())) == len(digests) == 9 + len(EFFECTS) + 2 * len(fields(ClassifierSettings))


def test_the_digest_does_not_change_with_machine_or_memory():
    """Nor with the device: a block that began on one machine may go on on another. Nor when a module is renamed."""
    run = make_run()
    data = replace(run.data, train_features=run.data.train_features.copy(), fingerprint=dict(run.data.fingerprint))
    assert replace(run, select="elsewhere:cal").digest == run.digest
    assert replace(run, device="cuda").digest == replace(run, data=data).digest == run.digest
    assert int(run.digest, 16) >= 0
    assert len(run.digest) == hashlib.sha256().digest_size * 2
