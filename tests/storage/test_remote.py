"""Bytes in an object store: written once, found again, taken away for good, and each fault in one sentence."""

from __future__ import annotations

import re
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from moto.s3.models import S3Backend, s3_backends
from s3fs import S3FileSystem

from storage import remote
from storage.backups import backup
from storage.blobs import Blobs, blobs_at, bytes_at, sha256
from storage.copying import copy
from storage.errors import Away, StorageUnusable, WrongUse
from storage.filters import Filters
from storage.packing import pack
from storage.remote import S3Blobs, remote_blobs
from storage.search import search
from storage.store import Store
from storage.verify import verify
from tests.making import NOON, Scene
from tests.storage.test_copying import a_corpus, contents

Minutier = Callable[..., subprocess.CompletedProcess[str]]
BODY = b"Le conseil municipal."


@pytest.fixture
def behind(bucket: str) -> S3Backend:
    """What the object store itself has."""
    return s3_backends["123456789012"]["aws"]


@pytest.fixture
def blobs(bucket: str) -> S3Blobs:
    """The bytes in an object store."""
    made = blobs_at(bucket)
    assert isinstance(made, S3Blobs)
    return made


def keys(behind: S3Backend) -> list[str]:
    """Return the names of everything in the bucket, each version."""
    listed = behind.list_object_versions("corpus")
    return sorted(each.name for each in [*listed[0], *listed[2]])


def test_bytes_are_kept_under_their_hash(blobs: Blobs, bucket: str) -> None:
    """What was put is there by its hash, here and by its address; what was not is missing in one sentence."""
    (digest,) = blobs.put_all([BODY])
    assert digest == sha256(BODY)
    assert blobs.address(digest) == f"{bucket}/{digest[:2]}/{digest}"
    assert blobs.read(digest) == BODY == bytes_at(blobs.address(digest))
    assert blobs.exists(digest) and not blobs.exists("0" * 64)
    assert list(blobs.digests()) == [digest] and blobs.free() is None
    with pytest.raises(StorageUnusable, match=f"The bytes {'0' * 64} are missing from {bucket}"):
        blobs.read("0" * 64)


def test_what_is_there_is_not_written_again(blobs: Blobs, behind: S3Backend) -> None:
    """In a bucket that keeps versions the same bytes have one, however often they come."""
    behind.put_bucket_versioning("corpus", "Enabled")
    blobs.put_all([BODY] * 3)
    assert len(keys(behind)) == 1


def test_a_store_that_knows_no_conditions_is_written_all_the_same(
    blobs: S3Blobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where `If-None-Match` is refused as unknown, the bytes are put without it."""
    put, asked = blobs._files.pipe_file, []

    def older(path: str, data: bytes, mode: str = "overwrite", timeout: int = 0) -> None:
        asked.append(mode)
        if mode == "create":
            cause = OSError()
            cause.response = {"Error": {"Code": "NotImplemented"}}  # type: ignore[attr-defined]
            raise OSError("A header you provided implies functionality that is not implemented") from cause
        put(path, data)

    monkeypatch.setattr(blobs._files, "pipe_file", older)
    assert blobs.read(blobs.put(BODY)) == BODY
    assert asked == ["create", "overwrite"]


def test_more_than_a_page_of_names_is_listed(blobs: Blobs, behind: S3Backend) -> None:
    """A store names a thousand files at a time: all of 2,345 come, in order."""
    digests = sorted(sha256(str(number).encode()) for number in range(2345))
    for digest in digests:
        behind.put_object("corpus", f"minutes/{digest[:2]}/{digest}", b"x")
    behind.put_object("corpus", "somebody-else's", b"x")
    assert list(blobs.digests()) == digests


def test_what_is_removed_leaves_no_version_behind(blobs: Blobs, behind: S3Backend) -> None:
    """A bucket that keeps versions keeps none of what was taken away; taking away nothing is no fault."""
    behind.put_bucket_versioning("corpus", "Enabled")
    digest, other = blobs.put(BODY), blobs.put(b"other")
    behind.put_object("corpus", f"minutes/{digest[:2]}/{digest}", b"a second version")
    behind.delete_object("corpus", f"minutes/{digest[:2]}/{digest}")
    blobs.remove(digest)
    blobs.remove("0" * 64)
    assert keys(behind) == [f"minutes/{other[:2]}/{other}"]


@pytest.mark.parametrize("act", [lambda b: b.put(BODY), lambda b: b.read("0" * 64), lambda b: list(b.digests())])
def test_a_bucket_that_is_not_there_is_never_made(
    bucket: str, behind: S3Backend, act: Callable[[Blobs], object]
) -> None:
    """Whatever is done with it says that the bucket is to be made, and does not make it."""
    with pytest.raises(StorageUnusable, match=r"s3://elsewhere/x cannot be used .*make the bucket first"):
        act(blobs_at("s3://elsewhere/x"))
    assert list(behind.buckets) == ["corpus"]


def test_missing_credentials_are_a_sentence(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing in the environment: it says which variables to set, and asks no other machine for them."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    S3FileSystem.clear_instance_cache()
    with pytest.raises(StorageUnusable, match=r"wants credentials and there are none .*AWS_ACCESS_KEY_ID"):
        blobs_at(bucket).put(BODY)


def test_refused_credentials_are_a_sentence(blobs: S3Blobs, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store that does not let us in is named, with what to check."""

    def refuse(*given: object, **named: object) -> None:
        raise PermissionError("The AWS Access Key Id you provided does not exist in our records.")

    monkeypatch.setattr(blobs._files, "pipe_file", refuse)
    with pytest.raises(StorageUnusable, match=r"refuses us .*AWS_PROFILE"):
        blobs.put(BODY)


@pytest.mark.parametrize(
    "error",
    [TimeoutError("read timed out"), ConnectionResetError("reset"), OSError(16, "Please reduce your request rate.")],
)
def test_what_passes_is_told_from_what_lasts(
    blobs: S3Blobs, monkeypatch: pytest.MonkeyPatch, error: OSError, bucket: str
) -> None:
    """A time-out, a broken line and a store that is too busy mean that it is away, and may be asked again."""

    def fail(*given: object, **named: object) -> None:
        raise error

    monkeypatch.setattr(blobs._files, "pipe_file", fail)
    with pytest.raises(Away, match=f"{bucket} does not answer .*the same command goes on"):
        blobs.put(BODY)


def test_nobody_listens_there(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A port at which nobody is means that the store is away; the sentence has its host, and no key."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    with pytest.raises(Away, match=re.escape("http://127.0.0.1:9")) as told:
        remote_blobs(bucket).put(BODY)
    assert sha256(BODY) not in str(told.value)
    with pytest.raises(Away):
        bytes_at(f"{bucket}/ab/{'ab' * 32}")


def test_a_store_that_takes_a_call_and_says_nothing_is_away(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection that is never answered is an outage after a while, and no wait for ever."""
    monkeypatch.setattr(remote, "WRITING", 1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{silent.getsockname()[1]}")
        with pytest.raises(Away, match="a file was not taken within 1 seconds"):
            remote_blobs(bucket).put(BODY)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("s3://key:secret@bucket.example.org/x", "holds a password: say it in the environment"),
        ("file:///srv/blobs", "write it without `file://`"),
        ("nowhere://bucket/x", "is no place for bytes"),
    ],
)
def test_addresses_that_are_refused(address: str, words: str) -> None:
    """A password in an address, a folder written as one, an unknown kind: wrong use, and no secret in the sentence."""
    with pytest.raises(WrongUse, match=words) as told:
        blobs_at(address)
    assert "secret" not in str(told.value)


def test_a_corpus_goes_to_a_lab_and_back(lab: str, postgres: str, tmp_path: Path) -> None:
    """Copied to a database and a bucket and back to a folder: the same rows and bytes, the same answers, no fault."""
    scene = a_corpus(tmp_path / "here")
    from tests.postgres import a_database

    blobs = lab.partition("?blobs=")[2]
    with a_database(postgres, f"{Path(lab.partition('?')[0]).name}_to", f"{blobs}/copied") as there:
        copy(scene.store, there)
        with Store.create(there, now=NOON, version="test") as made:
            assert verify(made).faults == () and contents(made) == contents(scene.store)
            copy(made, tmp_path / "back")
            answers = [found(each) for each in (scene.store, made)]
    with Store.create(tmp_path / "back", now=NOON, version="test") as back:
        assert verify(back).faults == () and contents(back) == contents(scene.store)
        assert [found(back)] * 2 == answers and answers[0]["total"] == 2


def found(store: Store) -> dict[str, object]:
    """Return what a corpus answers to a question."""
    with store.reading() as connection:
        return search(connection, "jumelage", Filters(all_copies=True))


def test_what_a_lab_withdraws_leaves_the_bucket(lab: str, behind: S3Backend, run_minutier: Minutier) -> None:
    """`forget` takes the object itself away, and `verify` finds nothing wrong afterwards."""
    scene = Scene(lab)
    with scene.store:
        scene.open_run()
        gone = scene.give("a", "Une personne demande le retrait.").document_id
        scene.give("b", "Le pont nouveau.")
        scene.close_run()
    assert len(keys(behind)) == 2
    said = run_minutier("--corpus", lab, "forget", gone, "--reason", "asked for")
    assert said.returncode == 0, said.stderr
    assert len(keys(behind)) == 1 and sha256(b"Une personne demande le retrait.") not in keys(behind)[0]
    with Store.open(lab) as store:
        assert verify(store).faults == ()


def test_a_lab_is_backed_up_and_packed_as_a_folder_is(lab: str, tmp_path: Path) -> None:
    """Both hold every byte of the bucket; the backup is a corpus of this machine."""
    scene = Scene(lab)
    with scene.store as store:
        scene.open_run()
        scene.give("a", "Le jumelage.")
        scene.close_run()
        done = backup(store, tmp_path / "kept", now="2026-03-01", refresh=False, progress=lambda *so_far: None)
        packed = pack(store, tmp_path / "it.zip", sources={}, replace=False, progress=lambda *so_far: None)
    assert (done.new, done.lost, done.report.faults) == (1, (), ())
    assert (packed.blobs, packed.lost) == (1, ())
    with Store.open(tmp_path / "kept") as kept:
        assert found(kept)["total"] == 1
