"""How FastText is trained on the task's own texts where the configuration leaves it open: by their number of words."""

from collections.abc import Mapping
from typing import Any

from cartography_al.features.corpus_vectors import CorpusOptions

WORDS_SEEN = 4_000_000
"""Words that the training should see, over all its passes; docs/extending.md has measurements."""

FEWEST_EPOCHS, MOST_EPOCHS = 5, 300
LEARNING_RATE = 0.1


def corpus_options(configured: Mapping[str, Any], words: int) -> CorpusOptions:
    """The options with passes and learning rate set where they are None.

    FastText's own defaults, 5 passes at 0.05, are meant for billions of words; on the few of a labelled corpus they
    leave all vectors nearly equal, and nothing can be learned from them.
    configured: the section embedding.corpus. words: of the training texts, cut to max_tokens, at least one.
    """
    epochs = min(max(round(WORDS_SEEN / max(words, 1)), FEWEST_EPOCHS), MOST_EPOCHS)
    by_size = {"epochs": epochs, "learning_rate": LEARNING_RATE}
    return CorpusOptions(
        **{key: by_size[key] if value is None else value for key, value in configured.items()}  # type: ignore[typeddict-item]
    )
