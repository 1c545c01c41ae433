"""Fixtures of this folder."""

from collections.abc import Mapping

import pytest

from cartography_al.protocol import AS_WRITTEN
from tests.unit.active_learning.support import first_iteration


@pytest.fixture(scope="module")
def as_written() -> Mapping[str, bytes]:
    return first_iteration(AS_WRITTEN)
