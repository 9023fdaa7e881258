"""A PostgreSQL server for tests: the one that MINUTIER_POSTGRES names, the one of this machine, or one made for us."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

OURS = "postgresql://postgres@127.0.0.1:5432/postgres"


@contextmanager
def a_server() -> Iterator[str | None]:
    """Give the address of a database that may be written, or nothing where there is no PostgreSQL."""
    named = os.environ.get("MINUTIER_POSTGRES") or OURS
    programs = initdb()
    if answers(named):
        yield named
    elif programs is None:
        yield None
    else:
        with made_for_us(programs) as address:
            yield address


def answers(address: str) -> bool:
    """Return whether a server lets us in there."""
    try:
        psycopg.connect(address, connect_timeout=3).close()
    except psycopg.Error:
        return False
    return True


def initdb() -> Path | None:
    """Return the folder of PostgreSQL's own programs; Debian keeps it off the PATH."""
    found = shutil.which("initdb")
    folders = [Path(found).parent] if found else sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    return folders[-1] if folders else None


@contextmanager
def made_for_us(programs: Path) -> Iterator[str]:
    """Start a server of our own on a free port, and take it away at the end. It refuses to run as root."""
    user = ["runuser", "-u", "postgres", "--"] if sys.platform != "win32" and os.geteuid() == 0 else []
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as parent, socket.create_server(("127.0.0.1", 0)) as s:
        port = s.getsockname()[1]
        s.close()
        folder = Path(parent) / "data"
        Path(parent).chmod(0o777)
        quick = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off"
        run = [*user, str(programs / "pg_ctl"), "-D", str(folder), "-w", "-s"]
        subprocess.run(
            [*user, str(programs / "initdb"), "-D", str(folder), "-U", "postgres", "-A", "trust", "-E", "UTF8"],
            check=True,
            capture_output=True,
        )
        subprocess.run([*run, "-l", str(folder / "log"), "-o", quick, "start"], check=True)
        try:
            yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
        finally:
            subprocess.run([*run, "-m", "immediate", "stop"], check=False)


@contextmanager
def a_database(server: str, name: str, blobs: Path | str, like: str = "template1") -> Iterator[str]:
    """Give the address of a new database that is a copy of another one, and drop it at the end."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{like}"')
    try:
        yield f"{server.rpartition('/')[0]}/{name}?blobs={blobs}"
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
