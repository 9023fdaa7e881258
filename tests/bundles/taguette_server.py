"""Taguette itself, running on the loopback in an environment of its own, and the little of its API that tests need."""

from __future__ import annotations

import contextlib
import http.cookiejar
import json
import os
import re
import socket
import subprocess
import time
import urllib.request
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.conftest import GUARD

WAITS = 60  # seconds for the server to say that it runs


class Taguette:
    """A browser, so to say, that is logged in."""

    def __init__(self, url: str) -> None:
        self.root = url.partition("?")[0]
        self.cookies = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))
        self.get(url.removeprefix(self.root))
        self.get("project/new")

    def get(self, path: str) -> str:
        """Return a page."""
        with self._opener.open(self.root + path, timeout=WAITS) as response:
            return str(response.read().decode("utf-8"))

    def post(self, path: str, file: tuple[str, bytes], **fields: str) -> Any:
        """Send a form with a file in it and return the answer."""
        edge = uuid.uuid4().hex
        parts = [f'name="{name}"\r\n\r\n{value}'.encode() for name, value in fields.items()]
        head = f'name="file"; filename="{file[0]}"\r\nContent-Type: application/octet-stream\r\n\r\n'
        parts.append(head.encode() + file[1])
        start = f"--{edge}\r\nContent-Disposition: form-data; ".encode()
        body = b"".join(start + part + b"\r\n" for part in parts) + f"--{edge}--\r\n".encode()
        token = next(each.value for each in self.cookies if each.name == "_xsrf")
        headers = {"Content-Type": f"multipart/form-data; boundary={edge}", "X-XSRFToken": str(token)}
        with self._opener.open(urllib.request.Request(self.root + path, body, headers), timeout=WAITS) as response:
            return json.loads(response.read())

    def documents(self, project: int) -> dict[str, tuple[int, dict[str, Any]]]:
        """Return the documents of a project, as its page lists them, by name."""
        page = self.get(f"project/{project}")
        found = re.search(r"var documents = (\{.*?\});\n", page, re.DOTALL)
        assert found, page[:2000]
        return {each["name"]: (each["id"], each) for each in json.loads(found[1].replace("\\x3C", "<")).values()}

    def contents(self, project: int, document: int) -> str:
        """Return a document's text as HTML."""
        whole = json.loads(self.get(f"api/project/{project}/document/{document}/contents"))
        return "".join(part["contents"] for part in whole["contents"])


@contextlib.contextmanager
def running(programs: Path, database: Path) -> Iterator[Taguette]:
    """Give a server with this database; it is stopped at the end."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    env |= {"PYTHONPATH": str(GUARD), "PYTHONUTF8": "1", "HOME": str(database.parent), "LC_ALL": "C"}
    log = database.with_suffix(".log")
    command = [programs / "taguette", "--database", database, "--no-browser", "--port", str(port)]
    with log.open("wb") as file:
        server = subprocess.Popen(command, env=env, cwd=database.parent, stdout=file, stderr=subprocess.STDOUT)
    try:
        yield Taguette(address(server, log).replace("localhost", "127.0.0.1"))
    finally:
        server.kill()
        server.wait()


def address(server: subprocess.Popen[bytes], log: Path) -> str:
    """Return the address that the server prints when it is ready."""
    end = time.monotonic() + WAITS
    while time.monotonic() < end and server.poll() is None:
        found = re.search(r"http://localhost:\S+", log.read_text(encoding="utf-8", errors="replace"))
        if found:
            return found[0]
        time.sleep(0.1)
    raise AssertionError(log.read_text(encoding="utf-8", errors="replace")[-3000:])
