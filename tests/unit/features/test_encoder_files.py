"""features.encoder_files: which models are taken, which refused, and with which words."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import huggingface_hub
import pytest

from cartography_al.errors import DataError
from cartography_al.features.download import file_sha256
from cartography_al.features.encoder_files import (
    MODELS_VARIABLE,
    check_encoder,
    encoder_folder,
    fetch_encoder,
    model_files,
    named_encoder,
)
from tests.unit.features.encoders import REAL, real_encoder

HUB_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What decides a model, as files without meaning: none of them is opened as a model here."""
    model = tmp_path / "model"
    (model / "1_Pooling").mkdir(parents=True)
    (model / "modules.json").write_text(json.dumps([{"path": "", "type": "sentence_transformers.models.Transformer"}]))
    (model / "config.json").write_text("{}")
    (model / "1_Pooling/config.json").write_text("{}")
    (model / "model.safetensors").write_bytes(b"weights")
    (model / "README.md").write_text("read me")
    return model


def write_dense(model: Path, suffix: str) -> None:
    (model / "2_Dense").mkdir()
    (model / "2_Dense" / f"{'pytorch_model' if suffix == '.bin' else 'model'}{suffix}").write_bytes(b"dense")


def test_files_are_hashed(folder: Path) -> None:
    checked = check_encoder(folder, "owner/model", "abc")
    assert checked.weights_sha256 == file_sha256(folder / "model.safetensors")
    assert [path.name for path in model_files(folder)] == [
        "config.json",
        "config.json",
        "model.safetensors",
        "modules.json",
    ]
    (folder / "README.md").write_text("read me again")
    (folder / "onnx").mkdir()
    (folder / "onnx/config.json").write_text("{}")
    assert check_encoder(folder, "owner/model", "abc") == checked
    (folder / "config.json").write_text('{"hidden_act": "relu"}')
    changed = check_encoder(folder, "owner/model", "abc")
    assert changed.weights_sha256 == checked.weights_sha256
    assert changed.files_sha256 != checked.files_sha256
    write_dense(folder, ".safetensors")
    assert check_encoder(folder, "owner/model", "abc").weights_sha256 != checked.weights_sha256


def remove_modules(folder: Path) -> None:
    (folder / "modules.json").unlink()


def leave_pickle_alone(folder: Path) -> None:
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")


def leave_pickle_shards_alone(folder: Path) -> None:
    (folder / "model.safetensors").rename(folder / "pytorch_model-00001-of-00002.bin")


def add_pickled_module(folder: Path) -> None:
    write_dense(folder, ".bin")


def remove_weights(folder: Path) -> None:
    (folder / "model.safetensors").unlink()


def name_module_of_its_own(folder: Path) -> None:
    (folder / "modules.json").write_text(json.dumps([{"path": "", "type": "modeling.Transformer"}]))


def name_code_of_its_own(folder: Path) -> None:
    (folder / "config.json").write_text(json.dumps({"auto_map": {"AutoModel": "modeling.Model"}}))


def name_tokenizer_of_its_own(folder: Path) -> None:
    (folder / "tokenizer_config.json").write_text(json.dumps({"auto_map": {"AutoTokenizer": ["tokenizing.T", None]}}))


def damage_modules(folder: Path) -> None:
    (folder / "modules.json").write_text("[")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (shutil.rmtree, "no such folder; name a local copy"),
        (remove_modules, "no model of sentence-transformers .it holds no modules.json."),
        (leave_pickle_alone, "the weights in pytorch_model.bin are a pickle"),
        (leave_pickle_shards_alone, "the weights in pytorch_model-00001-of-00002.bin are a pickle"),
        (add_pickled_module, "the weights in 2_Dense/pytorch_model.bin are a pickle"),
        (remove_weights, "no weights"),
        (name_module_of_its_own, r"modules.json: the model brings code of its own .modeling.Transformer."),
        (name_code_of_its_own, r"model/config.json: the model brings code of its own .auto_map."),
        (name_tokenizer_of_its_own, "tokenizer_config.json: the model brings code of its own"),
        (damage_modules, "modules.json: not JSON"),
    ],
)
def test_other_folders_are_refused(folder: Path, change: Callable[[Path], None], told: str) -> None:
    change(folder)
    with pytest.raises(DataError, match=told):
        check_encoder(folder, "owner/model", "abc")


def test_a_pickle_beside_safetensors_is_left_alone(folder: Path) -> None:
    (folder / "pytorch_model.bin").write_bytes(b"never opened")
    check_encoder(folder, "owner/model", "abc")


def test_other_weights_than_expected_are_refused(folder: Path) -> None:
    found = file_sha256(folder / "model.safetensors")
    check_encoder(folder, "owner/model", "abc", found.upper())
    with pytest.raises(DataError, match=f"the weights' SHA-256 is {found}, expected {HUB_SHA256}: another model or"):
        check_encoder(folder, "owner/model", "abc", HUB_SHA256)


@real_encoder
def test_the_real_weights_are_those_of_the_hub() -> None:
    assert check_encoder(REAL, "sentence-transformers/all-MiniLM-L6-v2", sha256=HUB_SHA256).weights_sha256 == HUB_SHA256


def test_folder_wins_over_variable_and_variable_over_hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = {"model": "owner/name", "revision": "abc"}
    monkeypatch.delenv(MODELS_VARIABLE, raising=False)
    assert encoder_folder(settings, "downloads") == (Path("downloads/owner/name/abc"), True)
    monkeypatch.setenv(MODELS_VARIABLE, str(tmp_path))
    assert encoder_folder(settings, "downloads") == (Path("downloads/owner/name/abc"), True)
    (tmp_path / "name").mkdir()
    assert encoder_folder(settings, "downloads") == (tmp_path / "name", False)
    assert encoder_folder(settings | {"folder": "mine"}, "downloads") == (Path("mine"), False)


def test_a_folder_has_its_own_name() -> None:
    settings = {"model": "owner/name", "revision": "abc", "folder": None}
    assert named_encoder(settings) == ("owner/name", "abc")
    assert named_encoder(settings | {"folder": "models/mine"}) == ("mine", None)


def hub(monkeypatch: pytest.MonkeyPatch, names: list[str] | Exception) -> list[dict[str, object]]:
    """Have the hub know one model with files of these names, or fail; return what is asked of its downloads."""
    asked: list[dict[str, object]] = []

    def model_info(self: object, model: str, revision: str, timeout: float) -> object:
        assert 0 < timeout < 10  # seconds until the first message
        if isinstance(names, Exception):
            raise names
        return SimpleNamespace(sha="f" * 40, siblings=[SimpleNamespace(rfilename=name) for name in names])

    monkeypatch.setattr(huggingface_hub.HfApi, "model_info", model_info)
    monkeypatch.setattr(huggingface_hub, "snapshot_download", lambda model, **options: asked.append(options))
    return asked


def test_only_what_is_read_is_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read = ["1_Pooling/config.json", "config.json", "model.safetensors", "modules.json", "vocab.txt"]
    asked = hub(monkeypatch, [*read, "README.md", "pytorch_model.bin", "onnx/config.json", ".gitattributes", "run.py"])
    fetch_encoder("owner/name", "v1", tmp_path)
    assert asked == [{"revision": "f" * 40, "local_dir": tmp_path, "allow_patterns": read}]


def test_a_pickle_on_the_hub_is_refused_before_anything_is_fetched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = hub(monkeypatch, ["config.json", "modules.json", "pytorch_model.bin"])
    with pytest.raises(DataError, match=r"owner/name at revision v1: the weights in pytorch_model.bin are a pickle"):
        fetch_encoder("owner/name", "v1", tmp_path)
    assert asked == []


def test_without_network_the_message_names_the_ways_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = f"owner/name: cannot be fetched from the Hugging Face hub .*{MODELS_VARIABLE}"
    with pytest.raises(DataError, match=told):  # the tests' HF_HUB_OFFLINE
        fetch_encoder("owner/name", "v1", tmp_path)
    hub(monkeypatch, ConnectionError("Name or service not known"))
    with pytest.raises(DataError, match=told):
        fetch_encoder("owner/name", "v1", tmp_path)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        ("RevisionNotFoundError", "the hub knows no revision 'v1' of it; correct `revision`"),
        ("RepositoryNotFoundError", "the hub knows no such model"),
    ],
)
def test_what_the_hub_does_not_know(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: str, told: str) -> None:
    kind = getattr(huggingface_hub.errors, error)
    hub(monkeypatch, kind.__new__(kind))
    with pytest.raises(DataError, match=f"owner/name: {told}"):
        fetch_encoder("owner/name", "v1", tmp_path)
