"""Files with one oddity each, named after it: read as they are meant, or refused with the cure."""

from pathlib import Path

import pytest

from cartography_al.datasets.sources import read_dataset
from cartography_al.errors import DataError
from tests.unit.datasets.support import SHARED_DATA

FOLDER = SHARED_DATA / "hostile"
TRAIN = {path.name.partition("_train")[0]: path for path in sorted(FOLDER.glob("*_train.*"))}
REFUSED = {
    "badquote": "line 2: not comma-separated values (',' expected after '\"'); quote a field",
    "case": "line 2: the label '1' is not in the training split (known are NEG, Pos)",
    "cp1252": "line 2: byte 0x93 is not utf-8; if the file is in cp1252",
    "cp1252_latin1": "line 2: byte 0x93 is a control character in latin-1; the file is rather in cp1252",
    "dupcol": "2 columns are named 'text'; rename them",
    "emptylabel": "line 42: the label is missing",
    "emptytext": "line 42: the text is empty",
    "jsonllist": "line 1: the label is a list",
    "jsonlnull": "line 1: the label is missing",
    "nalabel": "class 'nan' has one training instance",
    "ragged": "line 2: 3 columns where the lines before have 2",
    "single": "class '0' has one training instance",
    "testnew": "line 22: the label '2' is not in the training split (known are 0, 1)",
    "testnew_decl": "line 22: the label '2' is not in the training split (known are 0, 1)",
    "unclosed": "line 2: not comma-separated values",
}
CLASSES = {"jsonlbool": ("false", "true"), "trainonly": ("0", "1", "2"), "yesno": ("no", "yes")}


@pytest.mark.skipif(not TRAIN, reason="the hostile files are not on this machine")
@pytest.mark.parametrize("name", TRAIN)
def test_a_file_is_read_as_it_is_meant_or_refused(name: str) -> None:
    files = {"train": str(TRAIN[name]), "test": str(TRAIN[name]).replace("_train.", "_test.")}
    encoding = {"encoding": "latin-1"} if name.endswith("_latin1") else {}
    columns = {"text_column": 0, "label_column": 1} if name == "tsvnohead" else {}
    entry = {
        "title": name,
        "files": files | encoding | ({"header": False} if columns else {}),
        "text_column": "text",
        "label_column": "label",
        "max_tokens": 50,
        "seed_set_size": 4,
        **columns,
    }
    if name in REFUSED:
        with pytest.raises(DataError) as caught:
            read_dataset("own", entry)
        assert REFUSED[name] in str(caught.value)
        return
    dataset = read_dataset("own", entry)
    assert dataset.classes == CLASSES.get(name, ("0", "1"))
    assert len(dataset.train) >= 40
    assert Path(files["train"]).name in dataset.source
