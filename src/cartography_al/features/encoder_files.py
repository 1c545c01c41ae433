"""The files of a sentence encoder: fetched from the hub at a revision, or found in a folder, and checked.

Nothing of a model is run: weights as safetensors, never as pickle, and no code that a model brings. Not for encoding.
"""

import hashlib
import json
import logging
import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from cartography_al.errors import DataError
from cartography_al.features.download import file_sha256

MODELS_VARIABLE = "CARTOGRAPHY_AL_MODELS"
"""Environment variable: a folder that holds models, each in a folder with the last part of its hub name."""
HUB_TIMEOUT = 5.0  # seconds without an answer of the hub, before the first message
_log = logging.getLogger(__name__)
_READ = (".json", ".safetensors", ".txt", ".model", ".jinja")  # what the library reads of a model
_OTHER_FORMATS = ("onnx", "openvino")  # folders with the same weights once more
_CURE = f"name a local copy in `folder` of the encoder, or a folder of models in the variable {MODELS_VARIABLE}"


@dataclass(frozen=True)
class EncoderFiles:
    """A checked model on disk.

    name: hub name, or that of the folder. revision: None for a folder without one.
    weights_sha256: of the weights; of several files, the hash of their hashes and names, in order.
    files_sha256: the same of every file that decides the vectors, tokenizer and settings included.
    """

    folder: Path
    name: str
    revision: str | None
    weights_sha256: str
    files_sha256: str


def encoder_folder(settings: Mapping[str, Any], downloads: str | os.PathLike[str]) -> tuple[Path, bool]:
    """Where the files of a configured encoder are, and whether they are fetched to there.

    settings: `folder`, a local copy; else `model`, a hub name, and `revision`: then the copy in the folder that
    CARTOGRAPHY_AL_MODELS names, if it has one, else a folder below `downloads`.
    """
    if settings.get("folder"):
        return Path(settings["folder"]), False
    models = os.environ.get(MODELS_VARIABLE)
    if models:
        copy = Path(models) / settings["model"].rpartition("/")[2]
        if copy.is_dir():
            return copy, False
    return Path(downloads) / settings["model"] / settings["revision"], True


def named_encoder(settings: Mapping[str, Any]) -> tuple[str, str | None]:
    """Name and revision of a configured encoder; a local folder has its own name, and no revision."""
    if settings.get("folder"):
        return Path(settings["folder"]).name, None
    return settings["model"], settings["revision"]


def model_files(folder: str | os.PathLike[str]) -> list[Path]:
    """The files of a model that decide its vectors, by name; README and other formats of the weights left out."""
    found = (path for path in Path(folder).rglob("*") if path.is_file())
    return sorted(path for path in found if _is_read(path.relative_to(folder).as_posix()))


def check_encoder(
    folder: str | os.PathLike[str], name: str, revision: str | None = None, sha256: str | None = None
) -> EncoderFiles:
    """Check the files of a model before a library opens them.

    sha256: expected of the weights; None expects nothing.
    Raises: DataError if the folder is missing or holds no model of sentence-transformers, weights are there as
    pickle alone, the model needs code of its own, or the weights are others than expected.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise DataError(f"{folder}: no such folder; {_CURE}")
    if not (folder / "modules.json").is_file():
        raise DataError(
            f"{folder}: no model of sentence-transformers (it holds no modules.json); name the folder of one, "
            "as SentenceTransformer.save or the hub writes it"
        )
    files = model_files(folder)
    _refuse_pickle(str(folder), {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()})
    for module in _read_json(folder / "modules.json"):
        kind = str(module.get("type")) if isinstance(module, dict) else str(module)
        if not kind.startswith("sentence_transformers."):
            raise _own_code(folder / "modules.json", kind)
    for path in files:
        content = _read_json(path) if path.name.endswith("config.json") else None
        if isinstance(content, dict) and "auto_map" in content:
            raise _own_code(path, "auto_map")
    hashes = {path.relative_to(folder).as_posix(): file_sha256(path) for path in files}
    weights = {file: digest for file, digest in hashes.items() if file.endswith(".safetensors")}
    found = next(iter(weights.values())) if len(weights) == 1 else _hash_of_hashes(weights)
    if sha256 is not None and found != sha256.lower():
        raise DataError(
            f"{folder}: the weights' SHA-256 is {found}, expected {sha256}: another model or revision; correct "
            "sha256, or the folder"
        )
    return EncoderFiles(folder, name, revision, found, _hash_of_hashes(hashes))


def fetch_encoder(model: str, revision: str, folder: str | os.PathLike[str]) -> None:
    """Fetch a model's files from the Hugging Face hub at a revision; what is there already is not fetched again.

    Pickled weights, README and other formats are left there. Raises: DataError if the hub cannot be reached, knows no
    such model or revision, or the model has its weights as pickle alone.
    """
    import huggingface_hub
    from huggingface_hub import errors

    _log.info("asking the hub for %s at revision %s ...", model, revision)
    try:
        found = huggingface_hub.HfApi().model_info(model, revision=revision, timeout=HUB_TIMEOUT)
        names = {sibling.rfilename for sibling in found.siblings or []}
        _refuse_pickle(f"{model} at revision {revision}", names)
        read = sorted(name for name in names if _is_read(name))
        _log.info("fetching %d files of %s ...", len(read), model)
        huggingface_hub.snapshot_download(model, revision=found.sha, local_dir=Path(folder), allow_patterns=read)
    except DataError:
        raise
    except errors.RevisionNotFoundError as error:
        raise DataError(f"{model}: the hub knows no revision {revision!r} of it; correct `revision`") from error
    except errors.RepositoryNotFoundError as error:
        raise DataError(f"{model}: the hub knows no such model, or it is not public; correct `model`") from error
    except Exception as error:  # the hub's clients raise errors of many libraries
        raise DataError(
            f"{model}: cannot be fetched from the Hugging Face hub ({type(error).__name__}: "
            f"{next(iter(str(error).splitlines()), 'no details')}). Without a network, {_CURE}"
        ) from error
    _log.info("fetching %s: done", model)


def _is_read(name: str) -> bool:
    path = PurePosixPath(name)
    hidden = any(part.startswith(".") for part in path.parts)
    return path.suffix in _READ and not hidden and path.parts[0] not in _OTHER_FORMATS


def _refuse_pickle(where: str, names: Collection[str]) -> None:
    """Refuse a model that has weights in a pickle and not, in the same folder, as safetensors; or none at all."""
    paths = [PurePosixPath(name) for name in names]
    safe = {path.parent for path in paths if path.suffix == ".safetensors" and _is_read(path.as_posix())}
    for path in sorted(paths):
        pickled = path.name.startswith("pytorch_model") and path.suffix in {".bin", ".pt"}
        if pickled and path.parent not in safe and path.parts[0] not in _OTHER_FORMATS:
            raise DataError(
                f"{where}: the weights in {path} are a pickle, which could run code; use a model or revision with "
                "safetensors, or save the model anew as such"
            )
    if not safe:
        raise DataError(f"{where}: no weights (.safetensors); name the folder of a complete model")


def _own_code(path: Path, what: str) -> DataError:
    return DataError(
        f"{path}: the model brings code of its own ({what}), which is never run; choose a model that "
        "sentence-transformers knows itself"
    )


def _read_json(path: Path) -> Any:
    try:
        return json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise DataError(f"{path}: not JSON ({error}); fetch the model again") from None


def _hash_of_hashes(hashes: dict[str, str]) -> str:
    lines = "".join(f"{digest}  {name}\n" for name, digest in sorted(hashes.items()))
    return hashlib.sha256(lines.encode()).hexdigest()
