"""What every test has: the command, the real documents where they are, and no network but the loopback."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest

from tests.house.guard import loopback_only
from tests.object_store import a_bucket, a_store
from tests.postgres import a_database, a_server

ROOT = Path(__file__).resolve().parent.parent
GUARD = ROOT / "tests" / "house" / "guard"
REAL = Path(os.environ.get("MINUTIER_REAL") or ROOT.parent / "shared" / "real")
NAMED = ("real documents", "platform:")
"""What the reason of a skip says that is allowed in CI: real documents are not ours to publish, systems differ."""

loopback_only.refuse()
hypothesis.settings.register_profile("house", deadline=None, derandomize=bool(os.environ.get("CI")))
hypothesis.settings.load_profile("house")


@pytest.fixture(scope="session", autouse=True)
def children_stay_home() -> Iterator[None]:
    """Give every Python that a test starts the same guard, and this checkout's packages first."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join(filter(None, [str(ROOT), str(GUARD), os.environ.get("PYTHONPATH")])))
        patch.setenv("PYTHONUTF8", "1")
        # Two seconds a page, and another text where there is no tesseract: the tests of OCR turn it on.
        patch.setenv("MINUTIER_OCR", "0")
        # Bytecode is kept, whatever the environment says: hundreds of commands would each compile all of it again.
        for name in ("MINUTIER_CORPUS", "COLUMNS", "FORCE_COLOR", "PYTHONDONTWRITEBYTECODE"):
            patch.delenv(name, raising=False)
        yield


@pytest.fixture
def run_minutier() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Give a function that runs `minutier` to its end and returns what it said."""

    def run(
        *words: str, cwd: Path | None = None, env: dict[str, str] | None = None, timeout: int = 110
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "minutier", *words],
            cwd=cwd,
            env=os.environ | (env or {}),
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=timeout,
            stdin=subprocess.DEVNULL,
            check=False,
        )

    return run


@pytest.fixture
def start_minutier() -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Give a function that starts `minutier` and leaves it running; what still runs at the end is killed."""
    started: list[subprocess.Popen[bytes]] = []

    def start(*words: str, cwd: Path | None = None) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "minutier", *words]
        started.append(subprocess.Popen(command, cwd=cwd, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL))
        return started[-1]

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.wait()


@pytest.fixture(scope="session")
def real() -> Path:
    """Give the folder of real documents, or skip saying so."""
    if not (REAL / "files").is_dir():
        pytest.skip(f"real documents are not at {REAL}: set MINUTIER_REAL")
    return REAL


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Give the address of a PostgreSQL server, or skip; CI has one."""
    with a_server() as address:
        if address is None:
            pytest.skip("no PostgreSQL answers here: install it, or name one with MINUTIER_POSTGRES")
        yield address


@pytest.fixture(scope="session")
def object_store() -> Iterator[int]:
    """Give the port of an object store."""
    with a_store() as port:
        yield port


@pytest.fixture
def bucket(object_store: int) -> Iterator[str]:
    """Give the address of a place in an object store where nothing is yet."""
    with a_bucket(object_store, "corpus") as address:
        yield address


@pytest.fixture
def lab(empty_corpus: str, postgres: str, bucket: str) -> Iterator[str]:
    """Give the address of an empty corpus in a database whose bytes are in an object store."""
    with a_database(postgres, f"{empty_corpus}_lab", bucket, empty_corpus) as address:
        yield address


@pytest.fixture(scope="session")
def empty_corpus(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give the name of a database with an empty corpus in it: copying it takes less than making another."""
    from datetime import UTC, datetime

    from storage.store import Store

    name = f"minutier_test_{os.getpid()}"
    with a_database(postgres, name, tmp_path_factory.mktemp("blobs")) as address:
        Store.create(address, now=datetime(2026, 1, 1, tzinfo=UTC), version="test").__exit__(None, None, None)
        yield name


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give the address of an empty corpus, once in each kind of database."""
    if request.param == "sqlite":
        yield str(tmp_path / "corpus")
        return
    like, server = (request.getfixturevalue(name) for name in ("empty_corpus", "postgres"))
    with a_database(server, f"{like}_copy", tmp_path / "blobs", like) as address:
        yield address


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """In CI, a test that is skipped without a named reason fails."""
    report = yield
    return fail_unnamed(report)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Iterator[None]:
    """In CI, a module that is skipped as a whole without a named reason fails."""
    report = yield
    return fail_unnamed(report)


def fail_unnamed(report: pytest.TestReport | pytest.CollectReport) -> pytest.TestReport | pytest.CollectReport:
    """Return the report, as a failure where it is a skip that CI does not allow; an expected failure is no skip."""
    if os.environ.get("CI") and report.skipped and isinstance(report.longrepr, tuple):
        reason = report.longrepr[2].removeprefix("Skipped: ")
        if not any(words in reason for words in NAMED):
            report.outcome = "failed"
            report.longrepr = f"Skipped in CI without a named reason ({reason}); an allowed reason says one of {NAMED}."
    return report
