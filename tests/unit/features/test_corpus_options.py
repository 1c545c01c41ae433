"""FastText's options by the size of the texts."""

import pytest

from cartography_al.features.corpus_options import corpus_options

CONFIGURED = {"dimension": 300, "epochs": None, "learning_rate": None, "window": 5}


@pytest.mark.parametrize(
    ("words", "epochs"), [(0, 300), (1_200, 300), (55_635, 72), (133_627, 30), (1_606_726, 5), (10**9, 5)]
)
def test_small_texts_are_passed_over_more_often(words: int, epochs: int) -> None:
    assert corpus_options(CONFIGURED, words) == CONFIGURED | {"epochs": epochs, "learning_rate": 0.1}


def test_what_is_configured_wins() -> None:
    assert corpus_options(CONFIGURED | {"epochs": 7}, 1_200)["epochs"] == 7
    assert corpus_options(CONFIGURED | {"learning_rate": 0.3}, 1_200)["learning_rate"] == 0.3
