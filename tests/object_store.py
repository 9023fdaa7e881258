"""An object store that speaks S3, on the loopback: moto's server, in a thread of the tests."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import pytest


@contextmanager
def a_store() -> Iterator[int]:
    """Give the port of an object store with nothing in it."""
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        yield server.get_host_and_port()[1]
    finally:
        server.stop()


@contextmanager
def a_bucket(port: int, name: str) -> Iterator[str]:
    """Give the address of an empty bucket, and the environment in which it is found; nobody asks for rights abroad."""
    from moto.s3.models import s3_backends
    from s3fs import S3FileSystem

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{port}")
        for variable in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(variable, "made-up")
        patch.setenv("AWS_REGION", "us-east-1")
        for variable in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
            patch.setenv(variable, "no-such-file")
        for variable in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL_S3", "AWS_EC2_METADATA_DISABLED"):
            patch.delenv(variable, raising=False)
        backend = s3_backends["123456789012"]["aws"]
        backend.reset()
        backend.create_bucket(name, "us-east-1")
        S3FileSystem.clear_instance_cache()  # it may know another address
        yield f"s3://{name}/minutes"
