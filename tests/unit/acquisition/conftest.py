"""Fixtures of this folder."""

import pytest

from cartography_al.acquisition.registry import STRATEGIES
from tests.unit.acquisition.support import load


@pytest.fixture(params=STRATEGIES)
def strategy(request):
    return request.param


@pytest.fixture
def select(strategy):
    return load(strategy)
