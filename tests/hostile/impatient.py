"""`minutier` with less patience: what a test should not wait for is shortened before the command begins.

    python -m tests.hostile.impatient '{"crawlers.settings.DOWNLOAD_TIMEOUT": 2}' crawl …

Names that end in `.example` lead to 127.0.0.1 here; the last line on standard error is the peak of memory in MiB.
"""

from __future__ import annotations

import importlib
import json
import os
import socket
import sys
from pathlib import Path
from typing import Any


def shorten(wishes: dict[str, Any]) -> None:
    """Set module values by their dotted names."""
    for name, value in wishes.items():
        module, _, constant = name.rpartition(".")
        setattr(importlib.import_module(module), constant, value)


def invent_names() -> None:
    """Let names in `.example` resolve to this machine, as a name may that somebody else owns."""
    lookup = socket.getaddrinfo

    def found(host: Any, *more: Any, **named: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else str(host)
        return lookup("127.0.0.1" if name.endswith(".example") else host, *more, **named)

    socket.getaddrinfo = found


def peak() -> int:
    """Return the most memory this process has held, in MiB; 0 where the system does not say.

    Linux hands the peak of the process that started this one down in `getrusage`: it is asked elsewhere there.
    """
    if sys.platform == "linux":
        status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
        return int(status.partition("VmHWM:")[2].split()[0]) // 2**10
    try:
        import resource
    except ImportError:
        return 0
    return int(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (2**20 if sys.platform == "darwin" else 2**10))


if __name__ == "__main__":
    invent_names()
    os.cpu_count = lambda: 1  # one child reads: a test has few documents, and starting a child is what takes long
    shorten(json.loads(sys.argv.pop(1)))
    from minutier.main import main

    try:
        main()
    finally:
        print(f"peak {peak()}", file=sys.stderr)
