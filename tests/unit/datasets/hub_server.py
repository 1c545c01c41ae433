"""A small server on loopback that speaks as much of the Hugging Face hub's API as its clients ask for."""

import hashlib
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@dataclass
class Hub:
    """What the server holds, and what it does wrong.

    files: content by "owner/name/path".   gated: repositories that need a login.   failure: a status for every request
    of a file, "drop", which ends the connection in the middle, or "change", which sends another file than was
    announced.   log: the requests, "METHOD path".
    """

    files: dict[str, bytes] = field(default_factory=dict)
    gated: set[str] = field(default_factory=set)
    failure: int | str | None = None
    failures_left: int = 10**9
    log: list[str] = field(default_factory=list)
    url: str = ""


@contextmanager
def serving(hub: Hub) -> Iterator[Hub]:
    """Serve `hub` on loopback; its url is set."""

    class Handler(_Handler):
        held = hub

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    hub.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    held: Hub
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: Any) -> None:
        """Keep the terminal clean."""

    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers.get("Content-Length", 0))))

    def _answer(self, body: bytes = b"") -> None:
        hub, path = self.held, self.path.partition("?")[0]
        hub.log.append(f"{self.command} {path}")
        if found := re.fullmatch(
            r"/api/datasets/([^/]+/[^/]+)(?:/(revision|tree|paths-info)/([^/]+)(?:/(.*))?)?", path
        ):
            self._api(found[1], found[2] or "revision", found[4] or "", body)
        elif found := re.fullmatch(r"/datasets/([^/]+/[^/]+)/resolve/([^/]+)/(.+)", path):
            self._file(found[1], found[2], found[3])
        else:
            self._send(404, b"{}", {"X-Error-Code": "EntryNotFound"})

    def _api(self, repository: str, what: str, below: str, body: bytes) -> None:
        names = sorted(name[len(repository) + 1 :] for name in self.held.files if name.startswith(f"{repository}/"))
        if self._is_closed(repository):
            return None
        if what == "revision":
            held = {"id": repository, "sha": COMMIT, "siblings": [{"rfilename": name} for name in names], "tags": []}
            return self._send(200, json.dumps(held | {"private": False, "gated": False, "downloads": 0}).encode())
        entries = [self._entry(repository, name) for name in names if not below or name.startswith(f"{below}/")]
        folders = sorted({name.rpartition("/")[0] for name in names if "/" in name})
        entries += [{"type": "directory", "path": folder, "oid": "0" * 40, "size": 0} for folder in folders]
        if what == "paths-info":
            asked = json.loads(body)["paths"] if body.startswith(b"{") else re.findall(r"paths=([^&]+)", body.decode())
            entries = [entry for entry in entries if entry["path"] in asked]
        return self._send(200, json.dumps(entries).encode())

    def _is_closed(self, repository: str) -> bool:
        """Whether the repository is gated or missing; the answer is then given."""
        if repository in self.held.gated:
            error = {"X-Error-Code": "GatedRepo", "X-Error-Message": "Access to this dataset is restricted."}
            self._send(403, b"{}", error)
            return True
        if not any(name.startswith(f"{repository}/") for name in self.held.files):
            self._send(401, b"{}", {"X-Error-Code": "RepoNotFound", "X-Error-Message": "Not found."})
            return True
        return False

    def _entry(self, repository: str, name: str) -> dict[str, Any]:
        content = self.held.files[f"{repository}/{name}"]
        return {"type": "file", "path": name, "oid": _etag(content), "size": len(content)}

    def _file(self, repository: str, revision: str, name: str) -> None:
        if self._is_closed(repository):
            return None
        hub, content = self.held, self.held.files.get(f"{repository}/{name}")
        commit = revision if re.fullmatch("[0-9a-f]{40}", revision) else COMMIT
        if content is None:
            return self._send(404, b"", {"X-Error-Code": "EntryNotFound", "X-Repo-Commit": commit})
        fails = hub.failure is not None and hub.failures_left > 0 and self.command == "GET"
        hub.failures_left -= fails
        if fails and isinstance(hub.failure, int):
            return self._send(hub.failure, b"")
        start = int(found[1]) if (found := re.match(r"bytes=(\d+)-", self.headers.get("Range", ""))) else 0
        if fails and hub.failure == "change":
            return self._send(200, content + content)
        headers = {"ETag": f'"{_etag(content)}"', "X-Repo-Commit": commit, "Accept-Ranges": "bytes"}
        if start:
            headers["Content-Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
        if fails:  # all is promised, and half of it sent
            self._send(206 if start else 200, content[start:], headers, (len(content) - start) // 2)
            self.close_connection = True
            return None
        return self._send(206 if start else 200, content[start:], headers)

    def _send(self, status: int, content: bytes, headers: dict[str, str] | None = None, cut: int | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content if cut is None else content[:cut])


def _etag(content: bytes) -> str:
    return hashlib.sha1(content, usedforsecurity=False).hexdigest()
