"""Random streams: a function of seed, iteration and purpose, and of nothing else."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cartography_al.errors import ConfigError
from cartography_al.seeding import PAPER_SEEDS, derived_seeds, generator

ARGUMENTS = st.tuples(st.integers(0, 2**40), st.integers(0, 999), st.text(max_size=12))


@settings(max_examples=50)
@given(ARGUMENTS)
def test_same_arguments_same_stream(arguments):
    assert generator(*arguments).bytes(32) == generator(*arguments).bytes(32)


@settings(max_examples=100)
@given(ARGUMENTS, ARGUMENTS)
def test_other_arguments_other_stream(first, second):
    assert (generator(*first).bytes(32) == generator(*second).bytes(32)) == (first == second)


def test_neighbouring_seeds_and_iterations_do_not_share_streams():
    """SeedSequence could confuse [1, 2] with [2, 1] or a long seed with two short ones; it must not."""
    streams = {
        generator(seed, iteration, purpose).bytes(32)
        for seed in (0, 1, 2, 12, 2**32, 2**32 + 1, 2**33)
        for iteration in (0, 1, 2, 12)
        for purpose in ("a", "b", "ab", "")
    }
    assert len(streams) == 7 * 4 * 4


def test_the_stream_is_pinned():
    """A change here moves every number of the project, so it belongs in the changelog."""
    drawn = generator(398048, 3, "main classifier: dropout").integers(0, 1000, 5)
    assert drawn.tolist() == [457, 453, 652, 754, 158]


def test_another_process_draws_the_same():
    """Python's own hash of a string differs between processes; the stream must not come from it."""
    code = "from cartography_al.seeding import generator; print(generator(7, 1, 'purpose').bytes(8).hex())"
    output = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert output.strip() == generator(7, 1, "purpose").bytes(8).hex()


def test_draws_are_uniform_and_unrelated_between_purposes():
    first, second = (generator(0, 0, purpose).random(10_000) for purpose in ("weights", "dropout"))
    assert abs(first.mean() - 0.5) < 5 * (1 / 12 / 10_000) ** 0.5  # five standard errors of a uniform's mean
    assert abs(np.corrcoef(first, second)[0, 1]) < 5 / 10_000**0.5


@pytest.mark.parametrize(("seed", "iteration"), [(-1, 0), (0, -1)])
def test_negative_numbers_are_refused(seed, iteration):
    with pytest.raises(ValueError, match="must not be negative, got"):
        generator(seed, iteration, "purpose")


def test_derived_seeds_are_pinned():
    """A change here moves every result with more seeds than the configuration names."""
    assert derived_seeds(PAPER_SEEDS, 8) == [*PAPER_SEEDS, 477583, 844834, 797148]


def test_derived_seeds_keep_those_before():
    twenty = derived_seeds(PAPER_SEEDS, 20)
    assert twenty[:5] == list(PAPER_SEEDS)
    assert twenty[:10] == derived_seeds(PAPER_SEEDS, 10)
    assert derived_seeds(twenty[:7], 20) == twenty  # whoever writes some of them out gets the same others
    assert derived_seeds(PAPER_SEEDS, 3) == list(PAPER_SEEDS[:3])
    assert derived_seeds(PAPER_SEEDS, 5) == list(PAPER_SEEDS)


@settings(max_examples=30)
@given(st.lists(st.integers(0, 2**31), unique=True, max_size=8), st.integers(1, 300))
def test_derived_seeds_are_distinct_numbers_of_six_digits(first, count):
    seeds = derived_seeds(first, count)
    assert len(seeds) == len(set(seeds)) == count
    assert all(100_000 <= seed <= 999_999 for seed in seeds[len(first) :])


def test_a_seed_that_is_given_is_not_derived_again():
    further = derived_seeds([], 3)
    assert derived_seeds([further[1]], 3) == [further[1], further[0], further[2]]


@pytest.mark.parametrize(
    ("first", "count", "message"), [([1, 1], 3, "distinct"), ([-1], 3, "negative"), ([1], 0, "at least one")]
)
def test_derived_seeds_refuse(first, count, message):
    with pytest.raises(ConfigError, match=message):
        derived_seeds(first, count)
