"""Bytes at an address of fsspec: an object store such as S3, whose files are there whole or not at all.

Who may read and write is said where the store's own tools look for it (for S3 the variables `AWS_…` or the files
under `~/.aws`), never in the address of a corpus and never in sources.yaml.
"""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, TypeVar
from urllib.parse import urlsplit

from storage.blobs import HANDS, missing, name_of, sha256
from storage.errors import Away, StorageUnusable, WrongUse
from storage.outages import Patience

T = TypeVar("T")
CONNECT, ANSWER = 5, 15
"""Seconds for a connection, and for the next byte of an answer: an extraction child has sixty for everything."""
WRITING, AT_LEAST = 60, 2**16
"""Seconds for a file to be written whole, and one more for each so many bytes: botocore asks whether it may send them,
and waits for that answer without any limit."""
NOT_NOW = frozenset(
    {
        errno.EBUSY,
        errno.EAGAIN,
        errno.ETIMEDOUT,
        errno.ECONNREFUSED,
        errno.ECONNRESET,
        errno.EPIPE,
        errno.EHOSTUNREACH,
        errno.ENETUNREACH,
        getattr(errno, "EREMOTEIO", errno.EIO),
    }
)
"""What an error of a store says that may be over in a minute."""
IS_THERE = frozenset({"PreconditionFailed", "412"})
NO_CONDITIONS = frozenset({"NotImplemented", "501"})
"""What stores that speak S3 answer where they know no `If-None-Match`."""


class RemoteBlobs:
    """Files named by their hash, at an address of fsspec."""

    def __init__(self, root: str, patience: Patience | None = None) -> None:
        self.root = root.rstrip("/")
        self._files, self._base = filesystem(self.root)
        self._patience = patience or Patience()
        self._hands = ThreadPoolExecutor(HANDS, "blobs")

    def address(self, digest: str) -> str:
        """Return the address of some bytes."""
        return f"{self.root}/{name_of(digest)}"

    def put(self, body: bytes) -> str:
        """Keep bytes and return their hash; the store has answered for them when this returns."""
        digest = sha256(body)
        self._patiently(lambda: self._put(self._place(digest), body))
        return digest

    def put_all(self, bodies: Iterable[bytes]) -> list[str]:
        """Do the same with many side by side."""
        return list(self._hands.map(self.put, bodies))

    def exists(self, digest: str) -> bool:
        """Return whether the bytes with this hash are there."""
        return self._patiently(lambda: self._there(self._place(digest)))

    def read(self, digest: str) -> bytes:
        """Return the bytes with this hash."""

        def read() -> bytes:
            try:
                return bytes(self._files.cat_file(self._place(digest)))
            except FileNotFoundError as error:
                if "bucket" in str(error).lower():
                    raise
                raise missing(digest, self.root) from None

        return self._patiently(read)

    def remove(self, digest: str) -> None:
        """Take some bytes away for good."""
        self._patiently(lambda: self._remove(self._place(digest)))

    def digests(self) -> Iterator[str]:
        """Yield the hash that each file claims by its name, in order."""
        yield from self._patiently(self._names)

    def free(self) -> None:
        """Return nothing: an object store does not say."""

    def _place(self, digest: str) -> str:
        return f"{self._base}/{name_of(digest)}"

    def _patiently(self, act: Callable[[], T]) -> T:
        """Do something with the files, again and again while they are away; what goes wrong becomes one sentence."""
        return self._patience.through(self.root, lambda: in_words(self.root, act))

    def _put(self, place: str, body: bytes) -> None:
        if not self._files.exists(place):
            self._files.makedirs(place.rpartition("/")[0], exist_ok=True)
            self._files.pipe_file(place, body)

    def _there(self, place: str) -> bool:
        return bool(self._files.exists(place))

    def _remove(self, place: str) -> None:
        if self._files.exists(place):
            self._files.rm_file(place)

    def _names(self) -> list[str]:
        return sorted(place.rpartition("/")[2] for place in self._files.find(self._base))


class S3Blobs(RemoteBlobs):
    """The same in an object store that speaks S3: no request more than is needed, and no bucket is ever made."""

    def _put(self, place: str, body: bytes) -> None:
        """Write a file unless one has its name already: the store itself sees to that, where it can."""
        try:
            self._pipe(place, body, mode="create")
        except OSError as error:
            if code_of(error) in IS_THERE:
                return
            if code_of(error) not in NO_CONDITIONS:
                raise
            self._pipe(place, body)  # the same bytes under the same name: writing them twice does no harm

    def _pipe(self, place: str, body: bytes, **how: str) -> None:
        seconds = WRITING + len(body) // AT_LEAST
        try:
            self._files.pipe_file(place, body, timeout=seconds, **how)
        except TimeoutError as error:
            raise TimeoutError(errno.ETIMEDOUT, f"a file was not taken within {seconds} seconds") from error

    def _there(self, place: str) -> bool:
        """Ask for the head of a file alone; fsspec would look for a folder of that name too."""
        bucket, _, key = place.partition("/")
        try:
            self._files.call_s3("head_object", Bucket=bucket, Key=key)
        except FileNotFoundError:
            return False
        return True

    def _remove(self, place: str) -> None:
        """Delete every version of a file: a bucket that keeps versions would keep what was withdrawn."""
        bucket, _, key = place.partition("/")
        with suppress(FileNotFoundError):
            found = self._files.call_s3("list_object_versions", Bucket=bucket, Prefix=key)
            for each in [*found.get("Versions", ()), *found.get("DeleteMarkers", ())]:
                self._files.call_s3("delete_object", Bucket=bucket, Key=key, VersionId=each["VersionId"])


def remote_blobs(root: str, patience: Patience | None = None) -> RemoteBlobs:
    """Return the bytes at an address. Raises WrongUse where its kind cannot be opened here."""
    return (S3Blobs if root.startswith("s3://") else RemoteBlobs)(root, patience)


def remote_bytes(address: str) -> bytes:
    """Return the bytes at an address that `RemoteBlobs.address` gave. Raises Away where the store does not answer."""
    files, place = filesystem(address)
    return in_words(address, lambda: bytes(files.cat_file(place)))


def filesystem(address: str) -> tuple[Any, str]:
    """Return what opens an address, and its path there. Raises WrongUse where that is not installed."""
    parts = urlsplit(address)
    if parts.password is not None:
        raise WrongUse(f"The address of the bytes at {parts.hostname} holds a password: say it in the environment.")
    if parts.scheme in ("file", "local"):
        raise WrongUse(f"{address} is a folder of this machine: write it without `{parts.scheme}://`.")
    try:
        import fsspec

        files, base = fsspec.url_to_fs(address, **(s3_options() if parts.scheme == "s3" else {}))
    except ImportError as error:
        words = f"{address} cannot be opened here ({error}): install `minutier[lab]` and what it names."
        raise WrongUse(words) from None
    except ValueError as error:
        raise WrongUse(f"{address} is no place for bytes ({error}).") from None
    return files, base


def s3_options() -> dict[str, Any]:
    """Return how S3 is asked: nothing is remembered of its listings, and waiting is left to us.

    The address 169.254.169.254, where machines that are rented from Amazon find their rights, is asked only where
    AWS_EC2_METADATA_DISABLED=false says so: elsewhere it costs seconds, or is somebody else's.
    """
    os.environ.setdefault("AWS_EC2_METADATA_DISABLED", "true")
    named = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL")
    patience = {"connect_timeout": CONNECT, "read_timeout": ANSWER, "retries": {"total_max_attempts": 2}}
    return {
        "anon": False,
        "endpoint_url": named,  # botocore would look for itself; said here, a store at another address is another one
        "use_listings_cache": False,
        "max_concurrency": 1,  # one request reads one file
        "config_kwargs": patience | {"max_pool_connections": 2 * HANDS},
    }


def code_of(error: OSError) -> str:
    """Return what an S3 store calls its answer, or nothing; fsspec keeps it as the cause of the system's error."""
    said = getattr(error.__cause__, "response", None) or {}
    return str(said.get("Error", {}).get("Code", ""))


def in_words(place: str, act: Callable[[], T]) -> T:
    """Return what an act gives; whatever a store says instead becomes Away or StorageUnusable, with one sentence."""
    passing, lasting = library_errors() if place.startswith("s3://") else ((), ())
    try:
        return act()
    except passing as error:
        raise Away(place, first_line(error)) from error
    except OSError as error:
        raise of_an_error(error, place) from error
    except lasting as error:
        raise of_the_settings(error, place) from error


def library_errors() -> tuple[tuple[type[Exception], ...], tuple[type[Exception], ...]]:
    """Return what the libraries for S3 raise when a store does not answer, and when they are not set up."""
    from botocore.exceptions import BotoCoreError, ConnectionError
    from s3fs.core import S3_RETRYABLE_ERRORS

    return (*S3_RETRYABLE_ERRORS, ConnectionError), (BotoCoreError,)


def first_line(error: Exception) -> str:
    """Return what an error says, as the middle of a sentence; of an address in it the host only."""
    said = (str(error).strip().splitlines() or [type(error).__name__])[0][:300].rstrip(".")
    return re.sub(r"(https?://[^/\s\"]+)/[^\s\"]*", r"\1", said)


def of_an_error(error: OSError, place: str) -> StorageUnusable:
    """Return the error of ours for one of the system's kind, into which fsspec turns what a store answers."""
    words = (error.strerror or first_line(error)).rstrip(".")
    if isinstance(error, PermissionError):
        return StorageUnusable(
            f"{place} refuses us ({words}): check the credentials (AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or "
            "AWS_PROFILE), and what they may do there."
        )
    if isinstance(error, FileNotFoundError):
        return StorageUnusable(f"{place} cannot be used ({words}): make the bucket first, or correct the address.")
    if isinstance(error, ConnectionError | TimeoutError) or error.errno in NOT_NOW:
        return Away(place, words)
    return StorageUnusable(f"{place} cannot be used ({words}): see what the object store says of it.")


def of_the_settings(error: Exception, place: str) -> StorageUnusable:
    """Return the error of ours for what botocore misses before it asks anybody."""
    if "credentials" in str(error).lower():
        return StorageUnusable(
            f"{place} wants credentials and there are none ({first_line(error)}): set AWS_ACCESS_KEY_ID and "
            "AWS_SECRET_ACCESS_KEY, or AWS_PROFILE."
        )
    step = "correct the address, AWS_ENDPOINT_URL or AWS_REGION"
    return StorageUnusable(f"{place} cannot be used ({first_line(error)}): {step}.")
