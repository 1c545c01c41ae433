"""Fetching one large file over HTTP: resumable, checked, never a partial file under the final name. Not for data sets.

Data sets come through their own library; this is for word vectors of several gigabytes.
"""

import errno
import fcntl
import gzip
import hashlib
import http.client
import json
import logging
import os
import re
import shutil
import time
import urllib.error
import urllib.request
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from cartography_al.errors import DataError
from cartography_al.files import atomic_path, write_text

PRETRAINED_VECTORS = {"cc.en.300": "https://dl.fbaipublicfiles.com/fasttext/vectors-crawl/cc.en.300.bin.gz"}
"""Where each named `embedding.source` is published. No official checksum exists: gzip's own CRC verifies them."""
_log = logging.getLogger(__name__)
_CHUNK = 1 << 20  # bytes
_ABSURD = (ValueError, OverflowError, MemoryError)  # what the library raises for headers that make no sense
_REPORT = 10.0  # seconds between two lines of progress
_CURE = "run it again: it goes on from there; or name a local file in embedding.source"


@dataclass(frozen=True)
class _Version:
    """What tells one version of the remote file from another; kept beside the partial file."""

    url: str
    size: int | None = None
    etag: str | None = None
    modified: str | None = None


class _Interrupted(Exception):
    """The connection or the server failed in a way that a later try may cure."""


def download(
    url: str,
    path: str | os.PathLike[str],
    sha256: str | None = None,
    retries: int = 5,
    pause: float = 1.0,
    timeout: float = 60.0,
) -> str:
    """Fetch `url` to `path`; return the file's SHA-256 in hex.

    What has arrived lies in `<path>.part` and is continued, in this call or a later one, if the server allows it and
    still has the same version; a file at `path` is complete, and kept unless its hash is wrong.
    retries: failures in a row, without a new byte, before giving up; the pause before them doubles from `pause`
    seconds. timeout: seconds without any byte.
    Raises: DataError if the server refuses, the retries are used up, the disk is full, another process is fetching
    the same file, or length or hash are wrong.
    """
    path = Path(path)
    if not url.startswith(("http://", "https://")):
        raise DataError(f"{url}: only http and https can be fetched")
    if path.exists():
        found = file_sha256(path)
        if sha256 is None or found == sha256.lower():
            _log.info("%s is there already", path.name)
            return found
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    with _locked(part) as file:
        failures, furthest = 0, _size(file)
        while True:
            try:
                _fetch(url, file, part, timeout, verified_later=sha256 is not None)
                break
            except _Interrupted as error:
                arrived = _size(file)
                failures = 0 if arrived > furthest else failures + 1
                furthest = max(furthest, arrived)
                if failures > retries:
                    raise DataError(f"{url}: {error}; {arrived:,} bytes have arrived; {_CURE}") from error
                seconds = pause * 2 ** max(failures - 1, 0)
                _log.warning("%s: %s at %s bytes; next try in %.0f s", path.name, error, f"{arrived:,}", seconds)
                time.sleep(seconds)
        os.fsync(file.fileno())
        found = file_sha256(part)
        if sha256 is not None and found != sha256.lower():
            part.unlink()
            _version_path(part).unlink(missing_ok=True)
            raise DataError(
                f"{url}: SHA-256 is {found}, expected {sha256}; the file is deleted: correct embedding.sha256, or "
                "run it again"
            )
        os.replace(part, path)
        _version_path(part).unlink(missing_ok=True)
    return found


def unpack_gzip(archive: str | os.PathLike[str], path: str | os.PathLike[str]) -> None:
    """Unpack a .gz file; gzip's length and CRC are verified before `path` gets its name.

    Raises: DataError if the archive is missing, empty, truncated or damaged.
    """
    archive = Path(archive)
    if not archive.is_file() or archive.stat().st_size == 0:
        raise DataError(f"{archive}: missing or empty; fetch it again")
    _log.info("unpacking %s ...", archive.name)
    try:
        with atomic_path(path) as temporary, gzip.open(archive, "rb") as source, open(temporary, "wb") as target:
            shutil.copyfileobj(source, target, _CHUNK)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise DataError(f"{archive}: truncated or damaged ({error}); delete it and fetch it again") from error
    _log.info("unpacking %s: done", archive.name)


def file_sha256(path: str | os.PathLike[str]) -> str:
    """Return the SHA-256 of a file's bytes, in hex."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def check_sha256(path: str | os.PathLike[str], found: str, expected: str | None) -> None:
    """Raise DataError if a file's SHA-256 is not the expected one; None expects nothing."""
    if expected is not None and found != expected.lower():
        raise DataError(f"{path}: SHA-256 is {found}, expected {expected}; correct embedding.sha256 or the file")


def _fetch(url: str, file: IO[bytes], part: Path, timeout: float, verified_later: bool) -> None:
    """Make one request and append what it brings to `file`; return when the file is complete."""
    version = _read_version(part)
    start = _size(file)
    if version is None or version.url != url or version.size is None or start > version.size:
        start = 0  # what has arrived cannot be continued safely
    elif start == version.size:
        return
    request = urllib.request.Request(url, headers={"User-Agent": "cartography-al"})
    if version is not None and start > 0:
        request.add_header("Range", f"bytes={start}-")
        validator = version.etag if version.etag and not version.etag.startswith("W/") else version.modified
        if validator:
            request.add_header("If-Range", validator)
    try:
        with urllib.request.urlopen(request, timeout=timeout) as response:
            remote, offset = _response_version(url, response)
            if offset != (start if response.status == 206 else 0) or (offset > 0 and remote != version):
                _start_anew(file, part)
                raise _Interrupted("the server has another version of the file now")
            if remote.size is None and not response.chunked and not verified_later:
                raise DataError(f"{url}: the server does not tell the file's length; give its hash in embedding.sha256")
            file.truncate(offset)
            write_text(_version_path(part), json.dumps(asdict(remote)))
            _copy(response, file, part.stem, remote.size)
            if remote.size is not None and _size(file) != remote.size:
                raise _Interrupted(f"the connection broke off before {remote.size:,} bytes")
    except urllib.error.HTTPError as error:
        with error:
            if error.code == 416:
                _start_anew(file, part)
            elif error.code < 500 and error.code not in (408, 425, 429):
                raise DataError(f"{url}: the server answers {error.code} {error.reason}; {_CURE}") from error
            raise _Interrupted(f"the server answers {error.code} {error.reason}") from error
    except (OSError, http.client.HTTPException, *_ABSURD) as error:
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DataError(f"{part}: {error.strerror} at {_size(file):,} bytes; free space, then {_CURE}") from error
        raise _Interrupted(f"the connection failed ({' '.join(str(error).split())})") from error


def _response_version(url: str, response: http.client.HTTPResponse) -> tuple[_Version, int]:
    """Return the version that a response carries and the offset of its first byte."""
    headers = response.headers
    length = headers["Content-Length"]
    size, offset = int(length) if length and length.isdigit() else None, 0
    if response.status == 206:
        match = re.fullmatch(r"bytes (\d+)-\d+/(\d+)", headers["Content-Range"] or "")
        offset, size = (int(match[1]), int(match[2])) if match else (-1, None)
    return _Version(url, size, headers["ETag"], headers["Last-Modified"]), offset


def _copy(response: http.client.HTTPResponse, file: IO[bytes], name: str, size: int | None) -> None:
    total = "an unknown number of" if size is None else f"{size / 1e6:,.0f}"
    reported = time.monotonic()
    _log.info("fetching %s: %.0f of %s MB", name, _size(file) / 1e6, total)
    while data := response.read1(_CHUNK):
        while data:  # an unbuffered file may take less than all
            data = data[file.write(data) :]
        if time.monotonic() - reported >= _REPORT:
            reported = time.monotonic()
            _log.info("fetching %s: %s of %s MB", name, f"{_size(file) / 1e6:,.0f}", total)


def _start_anew(file: IO[bytes], part: Path) -> None:
    file.truncate(0)
    _version_path(part).unlink(missing_ok=True)


@contextmanager
def _locked(part: Path) -> Iterator[IO[bytes]]:
    """Open the partial file for appending, alone: a killed pipeline may have left a process that still writes to it.

    Unbuffered, so that the file's size is always what has arrived.
    """
    with open(part, "ab", buffering=0) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DataError(f"{part}: another process is fetching this file; wait for it, or end it") from None
        except OSError:
            _log.debug("%s: this file system knows no locks", part)
        yield file


def _read_version(part: Path) -> _Version | None:
    try:
        fields = json.loads(_version_path(part).read_text("utf-8"))
        version = _Version(**fields)
    except (FileNotFoundError, ValueError, TypeError, RecursionError):
        return None
    types = {"url": str, "size": int | None, "etag": str | None, "modified": str | None}
    return version if all(isinstance(fields.get(name), kind) for name, kind in types.items()) else None


def _version_path(part: Path) -> Path:
    return part.with_name(part.name + ".json")


def _size(file: IO[bytes]) -> int:
    return os.fstat(file.fileno()).st_size
