"""Downloads against a local server that breaks off, refuses, lies and changes its mind."""

import fcntl
import gzip
import hashlib
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from cartography_al.errors import DataError
from cartography_al.features.download import check_sha256, download, file_sha256, unpack_gzip

CONTENT = bytes(range(256)) * 3000


SHA256 = hashlib.sha256(CONTENT).hexdigest()


@dataclass
class Server:
    """What the server does, and what it was asked.

    script: one word for each request, the last one for all further requests: ok, 503, 404, break (half of what is
    left, then the connection closes), break0 (headers only), long (announces a byte too many), garbage (no HTTP),
    or closed (no length given).
    """

    url: str = ""
    content: bytes = CONTENT
    script: list[str] = field(default_factory=lambda: ["ok"])
    ranges: bool = True
    etag: str | None = '"one"'
    modified: str | None = None
    chunked: bool = False
    asked: list[dict[str, str]] = field(default_factory=list)

    def ranges_asked(self) -> list[str | None]:
        """Return the Range header of each request."""
        return [headers.get("Range") for headers in self.asked]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """Serve `Server.content` on a free port of this machine."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    state = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state.asked.append(dict(self.headers))
            action = state.script.pop(0) if len(state.script) > 1 else state.script[0]
            self.close_connection = True
            if action == "garbage":
                self.wfile.write(b"what?\r\n\r\n")
                return
            if action.isdigit():
                self.send_error(int(action))
                return
            start, total = 0, len(state.content)
            asked = self.headers.get("Range")
            unchanged = self.headers.get("If-Range") in (None, state.etag, state.modified)
            if asked and state.ranges and unchanged:
                start = int(asked.removeprefix("bytes=").removesuffix("-"))
                if start >= total:
                    self.send_error(416)
                    return
                self.send_response(206)
                self.send_header("Content-Range", f"bytes {start}-{total - 1}/{total}")
            else:
                self.send_response(200)
            if state.etag:
                self.send_header("ETag", state.etag)
            if state.modified:
                self.send_header("Last-Modified", state.modified)
            body = state.content[start:]
            if state.chunked:
                self.send_header("Transfer-Encoding", "chunked")
            elif action != "closed":
                self.send_header("Content-Length", str(len(body) + (action == "long")))
            self.end_headers()
            body = body[: {"break": len(body) // 2, "break0": 0}.get(action, len(body))]
            if state.chunked:
                self.wfile.write(b"%x\r\n" % len(body) + body + b"\r\n" + (b"0\r\n\r\n" if action == "ok" else b""))
            else:
                self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Keep the tests' output clean."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        Handler.protocol_version = "HTTP/1.1"
        state.url = f"http://127.0.0.1:{http.server_address[1]}/vectors.bin.gz"
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield state
        http.shutdown()
        thread.join()


def fetch(server: Server, folder: Path, sha256: str | None = None, retries: int = 3) -> str:
    """Download without waiting."""
    return download(server.url, folder / "new" / "x.gz", sha256, retries=retries, pause=0.0, timeout=5)


def assert_only(folder: Path, *names: str) -> None:
    """The folder of the download holds these files and no other."""
    assert sorted(p.name for p in (folder / "new").iterdir()) == sorted(names)


def test_whole_file_arrives_and_its_hash_is_returned(server: Server, tmp_path: Path) -> None:
    assert fetch(server, tmp_path) == SHA256
    assert (tmp_path / "new" / "x.gz").read_bytes() == CONTENT
    assert_only(tmp_path, "x.gz")
    assert server.ranges_asked() == [None]


def test_expected_hash_is_checked_in_either_case_of_letters(server: Server, tmp_path: Path) -> None:
    assert fetch(server, tmp_path, SHA256.upper()) == SHA256


def test_broken_connection_is_resumed_where_it_broke(server: Server, tmp_path: Path) -> None:
    server.script = ["break", "503", "garbage", "break0", "ok"]
    assert fetch(server, tmp_path) == SHA256
    half = f"bytes={len(CONTENT) // 2}-"
    assert server.ranges_asked() == [None, half, half, half, half]
    assert server.asked[1]["If-Range"] == '"one"'


def test_progress_resets_the_count_of_failures(server: Server, tmp_path: Path) -> None:
    server.script = ["break"] * 8 + ["ok"]
    assert fetch(server, tmp_path, retries=1) == SHA256
    assert len(server.asked) == 9


def test_giving_up_says_where_and_a_later_call_goes_on(server: Server, tmp_path: Path) -> None:
    server.script = ["break", "503"]
    with pytest.raises(DataError) as error:
        fetch(server, tmp_path, retries=2)
    message = str(error.value)
    assert server.url in message
    assert "503" in message
    assert f"{len(CONTENT) // 2:,} bytes" in message
    assert "run it again" in message
    assert "embedding.source" in message
    assert len(server.asked) == 4  # the first, its retry, and two more
    assert_only(tmp_path, "x.gz.part", "x.gz.part.json")
    server.script = ["ok"]
    assert fetch(server, tmp_path) == SHA256
    assert server.ranges_asked()[-1] == f"bytes={len(CONTENT) // 2}-"
    assert_only(tmp_path, "x.gz")


def test_pause_doubles_between_failures(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    monkeypatch.setattr("cartography_al.features.download.time.sleep", pauses.append)
    server.script = ["503"]
    with pytest.raises(DataError):
        download(server.url, tmp_path / "x", retries=4, pause=0.5)
    assert pauses == [0.5, 1.0, 2.0, 4.0]


def test_changed_file_is_fetched_anew(server: Server, tmp_path: Path) -> None:
    server.script = ["break", "503"]
    with pytest.raises(DataError):
        fetch(server, tmp_path, retries=0)
    server.script, server.etag, server.content = ["ok"], '"two"', b"other" * 1000
    assert fetch(server, tmp_path) == hashlib.sha256(server.content).hexdigest()


@pytest.mark.parametrize("change", ["etag", "size"])
def test_change_that_the_server_hides_behind_a_206_is_noticed(server: Server, tmp_path: Path, change: str) -> None:
    server.script, server.etag = ["break", "503"], 'W/"one"'  # weak: not for If-Range
    with pytest.raises(DataError):
        fetch(server, tmp_path, retries=0)
    if change == "etag":
        server.etag = 'W/"two"'
    server.script, server.content = ["ok"], b"other" * 200_000 if change == "size" else CONTENT[::-1]
    assert fetch(server, tmp_path) == hashlib.sha256(server.content).hexdigest()
    assert "If-Range" not in server.asked[-2]
    assert server.ranges_asked()[-1] is None


def test_last_modified_serves_where_there_is_no_etag(server: Server, tmp_path: Path) -> None:
    server.etag, server.modified = None, "Tue, 15 Nov 1994 12:45:26 GMT"
    server.script = ["break", "ok"]
    assert fetch(server, tmp_path) == SHA256
    assert server.asked[1]["If-Range"] == server.modified


def test_server_that_ignores_ranges_sends_the_whole_file_again(server: Server, tmp_path: Path) -> None:
    server.ranges = False
    server.script = ["break", "ok"]
    assert fetch(server, tmp_path) == SHA256
    assert server.ranges_asked()[1] is not None


def test_server_that_never_sends_the_rest_is_given_up(server: Server, tmp_path: Path) -> None:
    server.ranges = False
    server.script = ["break"]
    with pytest.raises(DataError, match="broke off"):
        fetch(server, tmp_path, retries=2)
    assert_only(tmp_path, "x.gz.part", "x.gz.part.json")


def test_length_that_does_not_fit_is_never_accepted(server: Server, tmp_path: Path) -> None:
    server.script = ["long"]
    with pytest.raises(DataError, match=r"vectors\.bin\.gz"):
        fetch(server, tmp_path, retries=1)
    assert not (tmp_path / "new" / "x.gz").exists()


def test_wrong_hash_deletes_what_arrived(server: Server, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=f"{SHA256}, expected {'0' * 64}"):
        fetch(server, tmp_path, "0" * 64)
    assert_only(tmp_path)


@pytest.mark.parametrize("code", ["404", "403", "401"])
def test_refusal_is_not_retried(server: Server, tmp_path: Path, code: str) -> None:
    server.script = [code]
    with pytest.raises(DataError, match=code):
        fetch(server, tmp_path)
    assert len(server.asked) == 1


def test_chunked_response_counts_only_when_it_ends(server: Server, tmp_path: Path) -> None:
    server.chunked = True
    server.script = ["break", "ok"]
    assert fetch(server, tmp_path) == SHA256


def test_response_of_unknown_length_needs_a_hash(server: Server, tmp_path: Path) -> None:
    server.script = ["closed"]
    with pytest.raises(DataError, match=r"embedding\.sha256"):
        fetch(server, tmp_path)
    assert fetch(server, tmp_path, SHA256) == SHA256


@pytest.mark.parametrize(
    "version",
    [
        None,
        "{damaged",
        '{"url": "http://other", "size": 768000, "etag": "\\"one\\"", "modified": null}',
        '{"url": "URL", "size": 3, "etag": "\\"one\\"", "modified": null}',
    ],
)
def test_partial_file_of_another_url_or_origin_is_not_continued(
    server: Server, tmp_path: Path, version: str | None
) -> None:
    part = tmp_path / "new" / "x.gz.part"
    part.parent.mkdir()
    part.write_bytes(b"somebody else's bytes")
    if version is not None:
        part.with_name("x.gz.part.json").write_text(version.replace("URL", server.url))
    assert fetch(server, tmp_path) == SHA256
    assert server.ranges_asked() == [None]
    assert_only(tmp_path, "x.gz")


def test_complete_partial_file_is_only_renamed(server: Server, tmp_path: Path) -> None:
    part = tmp_path / "new" / "x.gz.part"
    part.parent.mkdir()
    part.write_bytes(CONTENT)
    version = {"url": server.url, "size": len(CONTENT), "etag": '"one"', "modified": None}
    part.with_name("x.gz.part.json").write_text(json.dumps(version))
    assert fetch(server, tmp_path) == SHA256
    assert server.asked == []
    assert_only(tmp_path, "x.gz")


def test_file_that_is_there_is_kept_unless_its_hash_is_wrong(server: Server, tmp_path: Path) -> None:
    fetch(server, tmp_path)
    assert fetch(server, tmp_path) == fetch(server, tmp_path, SHA256.upper()) == SHA256
    assert len(server.asked) == 1
    (tmp_path / "new" / "x.gz").write_bytes(b"old")
    assert fetch(server, tmp_path, SHA256) == SHA256
    assert (tmp_path / "new" / "x.gz").read_bytes() == CONTENT


def test_two_processes_do_not_write_the_same_file(server: Server, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    with open(tmp_path / "new" / "x.gz.part", "ab") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(DataError, match="another process"):
            fetch(server, tmp_path)
    assert server.asked == []


def test_unreachable_server_and_other_schemes(server: Server, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"connection failed.*0 bytes have arrived"):
        download("http://127.0.0.1:9/x", tmp_path / "x", retries=1, pause=0.0, timeout=5)
    with pytest.raises(DataError, match="only http"):
        download("file:///etc/hostname", tmp_path / "x")


def test_full_disk_is_said_at_once(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("cartography_al.features.download._copy", full)
    with pytest.raises(DataError, match="No space left"):
        fetch(server, tmp_path)
    assert len(server.asked) == 1


def test_archive_is_unpacked_members_included(tmp_path: Path) -> None:
    (tmp_path / "x.gz").write_bytes(gzip.compress(CONTENT) + gzip.compress(b"end"))
    unpack_gzip(tmp_path / "x.gz", tmp_path / "out" / "x")
    assert (tmp_path / "out" / "x").read_bytes() == CONTENT + b"end"
    assert file_sha256(tmp_path / "out" / "x") == hashlib.sha256(CONTENT + b"end").hexdigest()


def test_damaged_archives_leave_no_file(tmp_path: Path) -> None:
    whole = gzip.compress(CONTENT, mtime=0)
    flipped = bytearray(whole)
    flipped[-6] ^= 1  # in the CRC
    wrong_length = bytearray(whole)
    wrong_length[-1] ^= 1
    for content in (b"", whole[:-1], whole[: len(whole) // 2], bytes(flipped), bytes(wrong_length), b"plain"):
        (tmp_path / "x.gz").write_bytes(content)
        with pytest.raises(DataError, match=r"x\.gz"):
            unpack_gzip(tmp_path / "x.gz", tmp_path / "x")
        assert [p.name for p in tmp_path.iterdir()] == ["x.gz"]
    with pytest.raises(DataError, match="missing"):
        unpack_gzip(tmp_path / "none.gz", tmp_path / "x")


def test_check_sha256_names_file_and_cure(tmp_path: Path) -> None:
    file = tmp_path / "model.bin"
    file.write_bytes(b"vectors")
    found = file_sha256(file)
    check_sha256(file, found, None)
    check_sha256(file, found, found.upper())
    with pytest.raises(DataError, match=r"model\.bin.*expected 00.*embedding\.sha256"):
        check_sha256(file, found, "00")
