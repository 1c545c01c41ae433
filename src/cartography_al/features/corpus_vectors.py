"""FastText vectors trained on the data set's own texts."""

import ctypes
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypedDict

import numpy as np

from cartography_al.errors import ConfigError, DataError, NumericError
from cartography_al.features.pretrained import _log, model_vectors
from cartography_al.files import no_space_named
from cartography_al.tokenizer import Backslashes, tokenize


class CorpusOptions(TypedDict):
    """How FastText is trained on the data set's own texts; the section `embedding.corpus` of the configuration."""

    dimension: int
    epochs: int
    learning_rate: float
    buckets: int  # rows shared, by hash, by all subwords
    min_count: int  # words seen less often get a vector through their subwords only
    window: int
    negatives: int
    min_ngram: int
    max_ngram: int
    seed: int  # FastText's generator takes 0 for 1, so these two give the same vectors


def train_corpus_vectors(
    train_texts: Iterable[str],
    tokens: Sequence[str],
    options: CorpusOptions,
    max_tokens: int | None,
    backslashes: Backslashes,
) -> tuple[np.ndarray, np.ndarray]:
    """Train FastText (skip-gram, negative sampling) on the training texts; return the vectors of all `tokens`.

    Words that the model has not seen get the sum of their subwords. One thread: more make the result differ from run
    to run. The same texts and options give the same bytes. Needs 4 bytes x dimension x (buckets + 2 x words) memory.
    Returns float32 [tokens, dimension] and bool [tokens], the word is in the model's dictionary.
    Raises: DataError if the texts hold too few words; NumericError if the training diverges.
    Source: Bojanowski et al. 2017.
    """
    from fasttext import FastText  # here, because only two rules need it

    if options["max_ngram"] > 0 and options["buckets"] < 1:
        raise ConfigError("embedding.corpus.buckets must be at least 1 unless embedding.corpus.max_ngram is 0")
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder) / "corpus.txt"
        with no_space_named(corpus):
            texts, words = _write_corpus(train_texts, corpus, options["min_count"], max_tokens, backslashes)
        _log.info("training FastText on %s texts, %s words ...", f"{texts:,}", f"{words:,}")
        start = time.monotonic()
        with _zeroed_memory(), _default_seed(FastText.unsupervised_default, options["seed"]):
            try:
                model = FastText.train_unsupervised(
                    str(corpus),
                    model="skipgram",
                    loss="ns",
                    dim=options["dimension"],
                    epoch=options["epochs"],
                    lr=options["learning_rate"],
                    bucket=options["buckets"],
                    minCount=options["min_count"],
                    ws=options["window"],
                    neg=options["negatives"],
                    minn=options["min_ngram"],
                    maxn=options["max_ngram"],
                    label=" ",  # no token starts so: by default, words that start with __label__ are left out
                    thread=1,
                    verbose=0,
                )
            except RuntimeError as error:
                raise NumericError(
                    f"FastText's training diverged ({error}): lower embedding.corpus.learning_rate, "
                    f"now {options['learning_rate']}"
                ) from error
        _log.info("training FastText: done in %.0f s", time.monotonic() - start)
    return model_vectors(model, tokens)


def _write_corpus(
    texts: Iterable[str], path: Path, min_count: int, max_tokens: int | None, backslashes: Backslashes
) -> tuple[int, int]:
    """Write one text a line for FastText; return the number of texts and of words.

    FastText takes `</s>` for the end of a line and splits at NUL: such tokens are left out, so they cannot shift the
    rest of the text. Its sampling of negatives never ends with a single word, hence the check.
    """
    counts: Counter[str] = Counter()
    lines = 0
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        for text in texts:
            tokens = [t for t in tokenize(text, max_tokens, backslashes) if t != "</s>" and "\0" not in t]
            if tokens:
                counts.update(tokens)
                lines += 1
                file.write(" ".join(tokens) + "\n")
    if sum(count >= min_count for count in counts.values()) < 2:
        raise DataError(
            f"FastText needs at least two words that occur {min_count} times in the training texts: "
            "check text_column of the data set, or lower embedding.corpus.min_count"
        )
    return lines, counts.total()


@contextmanager
def _default_seed(defaults: dict[str, Any], seed: int) -> Iterator[None]:
    """Set the seed for the block: `train_unsupervised` takes no seed, but reads it from its defaults."""
    before = defaults["seed"]
    defaults["seed"] = seed
    try:
        yield
    finally:
        defaults["seed"] = before


@contextmanager
def _zeroed_memory() -> Iterator[None]:
    """Have the C library fill new memory with zeros during the block.

    With one thread, FastText fills a tenth of its input matrix with random numbers (facebookresearch/fastText, issue
    1061) and leaves the rest as it was allocated. Large matrices come from the kernel, as zeros; smaller ones may
    hold what earlier objects left, and the vectors would then differ from run to run, up to 1e38. Only glibc has
    this switch (M_PERTURB); elsewhere, a matrix of the default size is fresh memory all the same.
    """
    mallopt: Callable[[int, int], int] | None = getattr(ctypes.CDLL(None), "mallopt", None)
    m_perturb, zeros = -6, 0xFF  # glibc fills with the complement of the low byte
    if mallopt is None:
        yield
        return
    mallopt(m_perturb, zeros)
    try:
        yield
    finally:
        mallopt(m_perturb, 0)
