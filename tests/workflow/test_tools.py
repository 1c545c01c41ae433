"""Snakemake's linter, the formatter, and what the SLURM profile makes of the rules."""

import pytest

pytestmark = pytest.mark.workflow


def test_the_linter_finds_nothing(untouched):
    assert "your workflow is in a good condition" in untouched.run("--lint")


def test_the_formatter_changes_nothing(untouched):
    untouched.finish(untouched.call("snakefmt", "--check", "Snakefile", "workflow"))


def test_the_slurm_profile_gives_training_a_gpu_and_the_rest_none(untouched):
    pytest.importorskip("snakemake_executor_plugin_slurm")
    jobs = untouched.plan("all", "--profile", "profiles/slurm", changes={"iterations_per_job": 2})
    with_gpu = {job.rule for job in jobs if job.resources.get("gpu") == "1"}
    assert with_gpu == {"run_iterations_0_to_2", "run_iterations_3_to_3", "train_on_full_data", "map_dataset"}
    for job in jobs:
        if job.rule.startswith("run_iterations"):
            assert (job.resources["slurm_partition"], job.resources["runtime"]) == ("gpu", "240")
        if job.rule in ("draw_figure3", "collect_runs", "download_dataset"):
            assert (job.resources["slurm_partition"], job.resources["runtime"]) == ("cpu", "60")
