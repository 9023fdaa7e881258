"""Asks roc-validator about a crate, without a network: run by the Python of the environment apart, it prints JSON.

    python crate_reader.py CRATE CONTEXT

CONTEXT is a file with the JSON-LD context that the validator would fetch.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from requests import Response
from rocrate_validator import services
from rocrate_validator.models import Severity
from rocrate_validator.utils.http import HttpRequester

ASKED: list[str] = []


def from_file(path: str) -> Any:
    """Return a way to fetch that answers every address with a file."""

    def get(self: HttpRequester, url: str, **more: Any) -> Response:
        ASKED.append(url)
        answer = Response()
        answer.status_code = 200
        answer.headers["Content-Type"] = "application/ld+json"
        answer._content = Path(path).read_bytes()
        return answer

    return get


def main(crate: str, context: str) -> None:
    """Print what the validator says: the rules of 1.1 that MUST hold, and which of them do not."""
    HttpRequester.get = from_file(context)
    settings = services.ValidationSettings(
        rocrate_uri=crate,
        profile_identifier="ro-crate-1.1",
        requirement_severity=Severity.REQUIRED,
        skip_availability_check=True,
    )
    result = services.validate(settings)
    issues = [f"{issue.check.name}: {issue.message}" for issue in result.get_issues()]
    checks = len(result.executed_checks)
    print(json.dumps({"passed": result.passed(), "checks": checks, "issues": issues, "asked": sorted(set(ASKED))}))


if __name__ == "__main__":
    main(*sys.argv[1:])
