"""The form for code scanning: SARIF 2.1.0, as far as GitHub reads it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote

from pip_archguard import __version__
from pip_archguard.model.beginnings import SARIF_SCHEMA
from pip_archguard.model.event import Finished
from pip_archguard.model.finding import Finding
from pip_archguard.model.handled import Handled
from pip_archguard.model.reason import Reason, Severity
from pip_archguard.reports.failure import state, story
from pip_archguard.reports.json_form import action_of, dump
from pip_archguard.reports.reasons import WORDS, because
from pip_archguard.reports.wording import tick

_RULES = tuple(Reason)
_HELP = (
    "What is refused cannot be loaded where it was judged for: pip-archguard has pip take another "
    "wheel, the source or another version in its place. Warnings and notes stop nothing. To "
    "leave a package alone, name it with --arch-ignore."
)
# GitHub wants a region for each place; a binary has no lines.
_REGION = {"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 1}
_LINK_SYNTAX = re.compile(r"[\\\[\]]")  # SARIF 2.1.0, 3.11.6
_DOTS = {".": "%2E", "..": "%2E%2E"}
"""What a URI would take for a way up; names in a wheel may be anything."""


def sarif_log(finished: Finished) -> str:
    """Return the whole log, with a final newline."""
    invocation: dict[str, Any] = {
        "executionSuccessful": finished.exit_code == 0,
        "exitCode": finished.exit_code,
    }
    if finished.failed is not None:
        text = "\n".join([state(finished.failed), *story(finished.failed)])
        notification = {"level": "error", "message": {"text": plain(text)}}
        invocation["toolExecutionNotifications"] = [notification]
    results = [r for h in finished.handled for r in _results(h, finished)]
    return log_of(invocation, results) + "\n"


def log_of(invocation: dict[str, Any], results: list[dict[str, Any]]) -> str:
    """Return a log of one run, without a final newline."""
    driver = {
        "name": "pip-archguard",
        "version": __version__,
        "rules": [_rule(reason) for reason in _RULES],
    }
    run = {"tool": {"driver": driver}, "invocations": [invocation], "results": results}
    return dump({"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [run]})


def _rule(reason: Reason) -> dict[str, Any]:
    meaning = WORDS[reason].meaning
    return {
        "id": reason.value,
        "shortDescription": {"text": meaning},
        "fullDescription": {"text": meaning},
        "help": {"text": _HELP},
    }


def _results(handled: Handled, finished: Finished) -> Iterator[dict[str, Any]]:
    rescued = handled.refused and finished.exit_code == 0
    filename = handled.judgement.facts.filename
    for finding in handled.judgement.findings:
        yield result_of(
            filename,
            finding,
            level=level_of(finding.severity, rescued=rescued),
            uri=_uri(filename, finding.path),
            properties={"action": action_of(handled), "target": finding.target.id},
        )


def result_of(
    name: str, finding: Finding, *, level: str, uri: str, properties: dict[str, str]
) -> dict[str, Any]:
    """Return one finding about a file, which `uri` names."""
    place = {"artifactLocation": {"uri": uri}, "region": _REGION}
    return {
        "ruleId": finding.reason.value,
        "ruleIndex": _RULES.index(finding.reason),
        "level": level,
        "message": {"text": plain(f"{tick(name)}: {because(finding)}")},
        "locations": [{"physicalLocation": place}],
        "partialFingerprints": {"primaryLocationLineHash": _fingerprint(name, finding)},
        "properties": properties,
    }


def level_of(severity: Severity, *, rescued: bool) -> str:
    """Say how much a finding weighs in this run; what is not used does no harm."""
    match severity:
        case Severity.REFUSE:
            return "warning" if rescued else "error"
        case Severity.WARN:
            return "note" if rescued else "warning"
        case Severity.INFO:
            return "note"


def plain(text: str) -> str:
    """Return text in which nothing is taken for a link."""
    return _LINK_SYNTAX.sub(r"\\\g<0>", text)


def _uri(filename: str, path: str) -> str:
    """Return where a file lies inside a wheel, as a relative reference (RFC 3986)."""
    return quoted([filename, *(path.split("/") if path != filename else ())])


def quoted(parts: Iterable[str]) -> str:
    """Return a relative reference (RFC 3986) made of these names."""
    # What no encoding has, a lone surrogate, is in names that are no text at all.
    return "/".join(_DOTS.get(p) or quote(p, safe="", errors="surrogatepass") for p in parts if p)


def _fingerprint(filename: str, finding: Finding) -> str:
    words = (finding.reason.value, filename, finding.path, finding.target.id)
    text = "\0".join(words).encode("utf-8", "surrogatepass")
    return f"{hashlib.sha256(text).hexdigest()[:16]}:1"
