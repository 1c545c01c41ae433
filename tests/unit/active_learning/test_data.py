"""active_learning.data: what it promises, and what it refuses."""

from dataclasses import replace

import numpy as np
import pytest

from cartography_al.errors import DataError
from tests.unit.active_learning.support import make_data


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"train_labels": np.zeros(79, np.int16)}, r"train has 79 texts and features of the shape \[80, 5\]"),
        ({"test_features": np.zeros((200, 4), np.float32)}, r"test has 200 texts and features of the shape \[200, 4\]"),
        ({"test_labels": np.full(200, 3, np.int16)}, "test has the label 3 and the data set 3 classes"),
    ],
)
def test_files_that_do_not_belong_together_are_refused(change, message):
    with pytest.raises(DataError, match=message):
        replace(make_data(), **change)
