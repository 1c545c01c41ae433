"""What an experiment consists of, from its configuration alone."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml

from cartography_al.naming import Subject
from cartography_al.pipeline.plan import Block, Case, Plan
from cartography_al.protocol import RELEASED
from cartography_al.seeding import PAPER_SEEDS

CONFIG = yaml.safe_load((Path(__file__).parents[3] / "config.yaml").read_text(encoding="utf-8"))


def laid_over(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    for key, value in above.items():
        nested = isinstance(value, dict) and isinstance(below.get(key), dict)
        below[key] = laid_over(below[key], value) if nested else value
    return below


def plan(**changes: Any) -> Plan:
    return Plan(laid_over(deepcopy(CONFIG), changes))


TWO = {"fasttext": {"title": "FastText sums", "source": "corpus"}, "wide": {"corpus": {"dimension": 500}}}


def test_the_papers_experiment():
    papers = plan()
    assert papers.seeds == list(PAPER_SEEDS)
    assert papers.cases == [Case("as_written", "fasttext", "agnews"), Case("as_written", "fasttext", "trec")]
    assert {case.protocol for case in papers.judged} == {"as_written", "released"}
    assert papers.strategies == [*CONFIG["run"]["strategies"], *(f"cal-threshold-{t}" for t in (0.0, 0.4, 0.6, 0.8))]
    assert papers.baselines == ["random", "cal"]
    assert papers.subject(papers.cases[1]) == Subject("trec", "TREC", "fasttext")
    assert papers.subject(papers.cases[1]).heading == "TREC"


def test_a_number_of_seeds_becomes_the_seeds():
    few = plan(run={"seeds": 2})
    assert few.seeds == list(PAPER_SEEDS)[:2] == few.config["run"]["seeds"]
    assert few.audit_seeds == few.seeds


def test_without_cal_and_random_there_is_nothing_to_compare_with():
    alone = plan(run={"strategies": ["entropy"]})
    assert (alone.threshold_strategies, alone.baselines, alone.batch_strategies) == ([], [], [])
    assert alone.compared == ["entropy"]


@pytest.mark.parametrize(
    ("protocol", "trained"),
    [
        ("as_written", "as_written"),
        ("as_written_but_weight_reset", "as_written"),
        ("as_written_but_seed_set", "as_written"),
        ("as_written_but_padding", "as_written_but_padding"),
        ("as_written_but_evaluation_dropout", "as_written_but_evaluation_dropout"),
        ("as_written_but_padding_and_evaluation_dropout_and_weight_reset",) * 2,
        ("released_but_dynamics", "released"),
        ("released_but_shuffling", "released_but_shuffling"),
    ],
)
def test_protocols_that_cannot_differ_after_full_data_share_it(protocol, trained):
    assert plan().full_data_protocol(Case(protocol, "fasttext", "trec")) == trained


def test_padding_is_nothing_to_an_encoder():
    encoded = plan(embedding={"source": "encoder"})
    assert encoded.full_data_protocol(Case("as_written_but_padding", "encoder", "trec")) == "as_written"


def test_the_paper_s_results_are_of_word_vectors():
    assert [plan().subject(case).in_paper for case in plan().cases] == ["agnews", "trec"]
    encoded = plan(embedding={"source": "encoder"})
    assert [encoded.subject(case).in_paper for case in encoded.cases] == ["", ""]


def test_label_noise_is_compared_with_the_right_labels():
    noise = {"title": "5% wrong", "label_noise": {"of": "docstrings", "share": 0.05}}
    noisy = plan(run={"datasets": ["docstrings", "noise"]}, datasets={"noise": noise})
    assert noisy.noisy == [Case("as_written", "fasttext", "noise")]
    assert noisy.clean(noisy.noisy[0]) == Case("as_written", "fasttext", "docstrings")


def test_own_data_are_not_judged():
    own = plan(run={"datasets": ["docstrings"]})
    assert own.judged == []
    assert own.claim_protocols == []


def test_switches_make_a_protocol_of_their_own():
    changed = plan(protocol={"padding": "first_word"})
    assert changed.protocol == "custom"
    assert changed.protocols["custom"].padding == "first_word"
    assert changed.protocols["released"] == RELEASED


def test_representations_stand_beside_each_other():
    both = plan(representations=TWO, run={"datasets": ["trec"]})
    assert both.representations == {"fasttext": "FastText sums", "wide": "wide"}
    assert [case.representation for case in both.cases] == ["fasttext", "wide"]
    assert both.subject(both.cases[0]).heading == "TREC, FastText sums"
    assert both.embedding("trec", "wide")["corpus"] == CONFIG["embedding"]["corpus"] | {"dimension": 500}
    assert both.embedding("trec", "wide")["source"] == "cc.en.300"


def test_a_data_set_has_an_embedding_of_its_own_below_the_representations():
    own = plan(representations=TWO, datasets={"trec": {"embedding": {"source": "corpus", "corpus": {"dimension": 7}}}})
    assert own.embedding("trec", "fasttext")["corpus"]["dimension"] == 7
    assert own.embedding("trec", "wide")["source"] == "corpus"
    assert own.embedding("trec", "wide")["corpus"]["dimension"] == 500
    assert own.embedding("agnews", "fasttext")["corpus"]["dimension"] == 300


@pytest.mark.parametrize(
    ("protocol", "reading"),
    [
        ("as_written", "plain"),
        ("released", "padded-joined"),
        ("as_written_but_padding", "padded"),
        ("released_but_padding", "joined"),
        ("as_written_but_shuffling", "plain"),
    ],
)
def test_protocols_that_read_alike_share_their_features(protocol, reading):
    papers = plan()
    assert papers.reading(Case(protocol, "fasttext", "trec")) == reading
    switches = papers.readings[reading]
    assert switches == {name: getattr(papers.protocols[protocol], name) for name in switches} | {
        "backslashes": switches["backslashes"]
    }


def test_a_chain_is_one_job_unless_told_otherwise():
    papers = plan()
    (whole,) = papers.blocks("as_written")
    assert whole == Block(0, 30, False, False) == papers.blocks("released")[0]
    assert papers.block_name(whole) == "run_iterations"
    (audited,) = papers.blocks("released_but_padding")
    assert papers.block_name(audited) == "run_iterations_0_to_10"


def test_chains_in_several_jobs_hand_carried_weights_on():
    parts = plan(iterations_per_job=20)
    assert parts.blocks("as_written") == [Block(0, 20, False, False), Block(21, 30, False, False)]
    assert parts.blocks("released") == [Block(0, 20, False, True), Block(21, 30, True, False)]
    names = [parts.block_name(block) for block in parts.protocols_by_block()]
    assert len(set(names)) == len(names)
    assert {"run_iterations_0_to_20", "run_iterations_21_to_30_carrying_weights"} <= set(names)


def test_every_protocol_is_in_the_blocks_of_its_chains():
    papers = plan()
    listed = [name for names in papers.protocols_by_block().values() for name in names]
    assert sorted(listed) == sorted(papers.protocols)


def test_settings_of_a_run_are_those_of_its_protocol_and_strategy():
    papers = plan()
    case = Case("released", "fasttext", "trec")
    cal = papers.run_settings(case, "cal-threshold-0.4")
    assert cal["main_settings"]["hidden_layers"] == 2
    assert cal["binary_settings"]["hidden_layers"] == 0
    assert cal["parameters"] == {"correctness_threshold": 0.4}
    assert papers.run_settings(case, "entropy")["binary_settings"] is None
    assert papers.training_settings(case, epochs=10)["main_settings"]["epochs"] == 10
