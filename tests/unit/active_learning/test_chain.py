"""active_learning.chain: what it promises, and what it refuses."""

from dataclasses import replace

import pytest

from cartography_al.active_learning.chain import run_block
from cartography_al.errors import CheckpointError
from tests.unit.active_learning.support import block_paths, make_run


def test_a_block_refuses_the_checkpoint_of_another_experiment(tmp_path):
    run = make_run()
    run_block(run, None, block_paths(tmp_path, range(1)), tmp_path / "unfinished", "code")
    other = replace(run, seed_set_size=21)
    with pytest.raises(CheckpointError, match="belongs to another experiment"):
        run_block(
            other,
            tmp_path / "iteration-000.parquet",
            block_paths(tmp_path, range(1, 2)),
            tmp_path / "unfinished",
            "code",
        )
    assert not (tmp_path / "iteration-001.parquet").exists()
