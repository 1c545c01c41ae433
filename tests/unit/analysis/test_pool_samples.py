"""analysis.pool_samples: who sees a sample, and the sentence that a figure or table shows."""

from typing import Any

from cartography_al.analysis.pool_samples import pool_sample_notes, pool_samples


def test_the_size_of_the_sample_is_that_of_the_strategies_that_see_one() -> None:
    configured: dict[str, dict[str, Any]] = {
        "skactiveml-Falcun": {"pool_sample": 200},
        "cal": {"correctness_threshold": 0.2},
    }
    found = pool_samples(["random", "cal", "skactiveml-TypiClust", "skactiveml-Falcun"], configured)
    assert found == {"skactiveml-TypiClust": 5000, "skactiveml-Falcun": 200}


def test_a_sentence_for_each_size_names_what_is_shown() -> None:
    samples = {"skactiveml-TypiClust": 5000, "skactiveml-Falcun": 200, "skactiveml-ProbCover": 5000}
    end = "instances of the pool, drawn anew in each iteration."
    assert pool_sample_notes(samples, ["random", *samples]) == [
        f"TypiClust, ProbCover: from a sample of at most 5,000 {end}",
        f"Falcun: from a sample of at most 200 {end}",
    ]
    assert pool_sample_notes(samples, ["skactiveml-Falcun"]) == [f"Falcun: from a sample of at most 200 {end}"]
    assert pool_sample_notes(samples, ["random"]) == []
