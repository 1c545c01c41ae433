"""What a dry run lists: for one figure or table what it needs, after an edit what depends on it, else nothing."""

from collections import Counter

import pytest

pytestmark = pytest.mark.workflow

PACKAGE = "src/cartography_al"
FEATURES = {"download_dataset": 1, "extract_word_vectors": 1, "sum_embeddings": 1}
CONCLUSIONS = {"explorer", "findings.html", "overview.txt"}  # what is made of figures, tables and runs
STRATEGIES = ("random", "least_confidence", "entropy", "bald", "dal", "cal", "cal_dal", "cal-threshold-0.6")


def rules(jobs):
    """How often each rule is listed."""
    return Counter(job.rule for job in jobs)


def stages(jobs):
    """The folders of results into which the listed jobs write."""
    return {output.split("/")[2] for job in jobs if job.rule != "all" for output in job.outputs}


def chains(jobs):
    """Rule, strategy and seed of each listed part of a chain."""
    return sorted(
        (job.rule, job.wildcards["strategy"], job.wildcards["seed"])
        for job in jobs
        if job.rule.startswith("run_iterations")
    )


def every_chain(rule, strategies):
    """What `chains` gives where all seeds of some strategies are listed."""
    return [(rule, strategy, seed) for strategy in sorted(strategies) for seed in ("11", "12")]


@pytest.fixture(scope="module")
def moved(finished, new_checkout):
    """A copy of the finished checkout, for edits; being elsewhere must not matter."""
    return new_checkout(finished)


@pytest.mark.parametrize(
    ("target", "needs"),
    [
        ("figure1", FEATURES | {"map_dataset": 1, "draw_figure1": 1, "figure1": 1}),
        ("table1", FEATURES | {"write_table1": 1, "table1": 1}),  # it says how alike the features are
        (
            "results/small/figures/figure3.pdf",
            FEATURES
            | {
                "run_iterations": len(STRATEGIES) * 2,
                "train_on_full_data": 2,
                "collect_runs": 1,
                "draw_figure3": 1,
            },
        ),
    ],
)
def test_one_figure_or_table_asks_for_what_it_needs(untouched, target, needs):
    assert rules(untouched.plan(target)) == needs


def test_nothing_is_to_be_done_after_a_run_even_if_the_folder_moves(moved):
    assert moved.plan("all") == []


def test_the_saved_configuration_stands_for_the_overlay(moved):
    shown = moved.finish(moved.call("snakemake", "all", "--dry-run", "--configfile", "results/small/config.yaml"))
    assert "Nothing to be done" in shown


def test_an_edited_figures_module_reruns_all_figures_and_nothing_else(moved, edit):
    edit(moved.folder / PACKAGE / "figures/style.py", "# Edited.\n")
    jobs = moved.plan("all")
    assert stages(jobs) == {"figures", "findings.html"}
    assert {output.rpartition("/")[2] for job in jobs for output in job.outputs} >= {
        path.name for path in (moved.results / "figures").iterdir()
    }


def test_an_edited_tables_module_reruns_all_tables_and_nothing_else(moved, edit):
    edit(moved.folder / PACKAGE / "tables/formats.py", "# Edited.\n")
    jobs = moved.plan("all")
    assert {"tables"} <= stages(jobs) <= {"tables", "findings.html"}
    assert {output.rpartition("/")[2] for job in jobs for output in job.outputs} >= {
        path.name for path in (moved.results / "tables").iterdir()
    }


def test_an_edited_naming_module_reruns_what_is_shown_and_no_training(moved, edit):
    edit(moved.folder / PACKAGE / "naming.py", "# Edited.\n")
    assert {"figures", "tables"} <= stages(moved.plan("all")) <= {"figures", "tables", "significance", *CONCLUSIONS}


def test_an_edited_strategy_reruns_its_own_chains_and_what_follows(moved, edit):
    edit(moved.folder / PACKAGE / "acquisition/discriminative.py", "# Edited.\n")
    jobs = moved.plan("all")
    assert chains(jobs) == every_chain("run_iterations", ["cal", "cal-threshold-0.6", "cal_dal", "dal"])
    assert stages(jobs) == {"active_learning", "significance", "figures", "tables", *CONCLUSIONS}
    assert rules(jobs).keys().isdisjoint({"train_on_full_data", "draw_figure1", "write_table1"})


@pytest.mark.parametrize(
    ("changes", "strategies"),
    [
        ({"acquisition": {"bald": {"passes": 5}}}, ["bald"]),
        ({"acquisition": {"cal_dal": {"correctness_threshold": 0.4}}}, ["cal_dal"]),
        ({"binary_classifier": {"epochs": 2}}, ["cal", "cal-threshold-0.6", "cal_dal", "dal"]),
    ],
)
def test_a_strategys_parameters_rerun_that_strategy_alone(moved, changes, strategies):
    assert chains(moved.plan("all", changes=changes)) == every_chain("run_iterations", strategies)


def test_an_edited_training_module_reruns_all_training_and_no_features(moved, edit):
    edit(moved.folder / PACKAGE / "learning/training.py", "# Edited.\n")
    jobs = moved.plan("all")
    assert chains(jobs) == every_chain("run_iterations", STRATEGIES)
    assert stages(jobs) == {"active_learning", "data_maps", "significance", "figures", "tables", *CONCLUSIONS}


def test_an_edited_configuration_check_reruns_nothing(moved, edit):
    edit(moved.folder / PACKAGE / "pipeline/configuration.py", "# Edited.\n")
    assert moved.plan("all") == []


def test_a_new_strategy_runs_only_its_own_chains(moved, edit):
    module = moved.folder / PACKAGE / "acquisition/newest.py"
    module.write_text('"""A strategy that a user adds."""\n\n\ndef newest(view, k):\n    return view.pool_ids[-k:]\n')
    edit(
        moved.folder / PACKAGE / "acquisition/registry.py",
        '\nSTRATEGIES["newest"] = Strategy("cartography_al.acquisition.newest:newest")\n',
    )
    jobs = moved.plan("all", changes={"run": {"strategies": [*STRATEGIES[:-1], "newest"]}})
    module.unlink()
    assert chains(jobs) == every_chain("run_iterations", ["newest"])
    assert rules(jobs).keys().isdisjoint({"download_dataset", "train_on_full_data", "map_dataset"})


def test_more_iterations_continue_the_chains(moved):
    jobs = moved.plan("all", changes={"run": {"iterations": 5}})
    assert chains(jobs) == every_chain("run_iterations_4_to_5", STRATEGIES)
    assert rules(jobs).keys().isdisjoint({"download_dataset", "train_on_full_data", "map_dataset"})


def test_another_significance_level_reruns_the_test_alone(moved):
    jobs = moved.plan("all", changes={"analysis": {"significance": {"alpha": 0.1}}})
    assert stages(jobs) <= {"config.yaml", "significance", "tables", "findings.html"}
    assert "significance" in stages(jobs)


def test_a_failure_is_not_forgotten(new_checkout, finished):
    """A job that fails takes its outputs with it; figures that are still there must not hide that."""
    checkout = new_checkout(finished)
    texts = checkout.folder / "made_train.csv"
    good = texts.read_bytes()
    texts.write_bytes(good + b"some words,spoon\n")
    for _ in range(2):
        assert "unknown label 'spoon'" in checkout.run("all", status=1)
    texts.write_bytes(good)
    assert "download_dataset" in {job.rule for job in checkout.plan("all")}


def test_a_deleted_checkpoint_is_made_again(new_checkout, finished):
    """The cure that a damaged checkpoint's message names."""
    checkout = new_checkout(finished)
    next(checkout.results.glob("active_learning/*/*/made/cal/seed-11/iteration-002.parquet")).unlink()
    assert "run_iterations" in {job.rule for job in checkout.plan("all")}


def test_own_data_need_no_second_protocol(untouched):
    """The paper's claims are about AG News and TREC; other data are not run under the released protocol for them."""
    jobs = untouched.plan("all", changes={"analysis": {"claim_protocols": ["as_written", "released"]}})
    assert "write_claims" not in {job.rule for job in jobs}
    assert {job.wildcards["protocol"] for job in jobs if "protocol" in job.wildcards} == {"as_written"}


def test_a_touched_script_reruns_its_jobs_unless_asked_to_go_by_times_alone(new_checkout):
    """And a data file that is newer, with the content it had, reruns nothing."""
    checkout, target = new_checkout(), "results/small/data/made/dataset.json"
    checkout.run(target)
    (checkout.folder / "made_train.csv").touch()
    assert checkout.plan(target) == []
    (checkout.folder / "workflow/scripts/download_dataset.py").touch()
    assert [job.rule for job in checkout.plan(target)] == ["download_dataset"]
    assert checkout.plan(target, "--rerun-triggers", "mtime") == []
