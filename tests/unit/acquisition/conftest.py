"""Fixtures of this folder."""

import pkgutil

import pytest

from cartography_al.acquisition.registry import STRATEGIES


@pytest.fixture(params=STRATEGIES)
def strategy(request):
    return request.param


@pytest.fixture
def select(strategy):
    return pkgutil.resolve_name(STRATEGIES[strategy])
