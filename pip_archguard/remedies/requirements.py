"""The requirements of a route, held against what may stand in a file that is passed on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePath

from packaging.requirements import InvalidRequirement, Requirement

from pip_archguard.errors import UnreadableInputError
from pip_archguard.model.route import Requirements, RequirementsFile

# What pip would take for a comment or for a continued line in a requirements file.
_SPECIAL = re.compile(r"\s#|\\$")
# Needs no quotes in a shell, in YAML, in a Dockerfile or in a requirements file.
_PLAIN_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
_USERINFO = re.compile(r"([a-z][a-z0-9+.-]*)://([^\s/?#\"']*)@", re.IGNORECASE)
# pip fills these in itself (`ENV_VAR_RE` of its `req_file`).
_VARIABLE = re.compile(r"\$\{[A-Z0-9_]+\}")
_VALUE = re.compile(
    r"(?:-r|--requirement|-c|--constraint|-e|--editable|-f|--find-links|-i"
    r"|--index-url|--extra-index-url)[\s=]*(.+)"
)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_FILE_URL = re.compile(r"(?:^|[@+])\s*file:")
_ARCHIVES = (".whl", ".zip", ".tar.gz", ".tar.bz2", ".tgz")
_NO_SECRETS = (
    "keep it in pip's configuration or in `.netrc`, or write `${NAME}` in its place in a "
    "requirements file, which pip fills in from the environment"
)


def specifier(text: str) -> str:
    """Return a requirement specifier that is safe to pass on; else UnreadableInputError."""
    spec = text.strip()
    shown = _shown(text)
    try:
        requirement = Requirement(spec)
    except InvalidRequirement as error:
        msg = f"`{shown}` is neither a requirements file nor a requirement specifier"
        raise UnreadableInputError(msg) from error
    if requirement.url and not _SCHEME.match(requirement.url):
        msg = f"`{shown}` has no URL behind its `@`"
        raise UnreadableInputError(msg)
    if not spec.isprintable() or _SPECIAL.search(spec):
        msg = f"`{shown}` cannot stand in a requirements file"
        raise UnreadableInputError(msg)
    if _secret_line(spec):
        msg = f"the requirement of `{requirement.name}` holds a password in its URL"
        raise UnreadableInputError(msg, hint=_NO_SECRETS)
    return spec


def requirements_file(path: str, content: str) -> RequirementsFile:
    """Return a requirements file that is safe to copy; else UnreadableInputError."""
    if not _PLAIN_NAME.fullmatch(PurePath(path).name):
        msg = f"the name of `{_shown(path)}` would need quotes in some of the files"
        hint = "copy it to a name of letters, digits, `.`, `_` and `-`"
        raise UnreadableInputError(msg, hint=hint)
    if "\0" in content:
        msg = f"`{path}` is no text file"
        raise UnreadableInputError(msg)
    if line := _secret_line(content):
        msg = f"`{path}` holds a password in a URL, in line {line}"
        raise UnreadableInputError(msg, hint=_NO_SECRETS)
    return RequirementsFile(path=path, content=content)


def local_references(requirements: Requirements) -> tuple[str, ...]:
    """Return the lines that name files or folders of this machine, each once."""
    texts = (*requirements.specifiers, *(file.content for file in requirements.files))
    lines = (line for text in texts for line in _lines(text))
    return tuple(dict.fromkeys(line for line in lines if _is_local(line)))


def _shown(text: str) -> str:
    return text if text.isprintable() else repr(text)[1:-1]


def _secret_line(text: str) -> int | None:
    """Return the number of the first line with a password or token in a URL."""
    for number, line in enumerate(text.splitlines(), 1):
        for scheme, userinfo in _USERINFO.findall(line):
            user, _, password = userinfo.partition(":")
            # Over ssh and git, the user's name is no secret; over HTTP it may be a token.
            over_http = scheme.lower().rpartition("+")[2] in ("http", "https")
            secret = password or (user if over_http and user != "git" else "")
            if _VARIABLE.sub("", secret):
                return number
    return None


def _lines(text: str) -> Iterator[str]:
    for line in text.removeprefix("\ufeff").replace("\\\n", " ").splitlines():
        if bare := re.sub(r"(^|\s+)#.*$", "", line).strip():
            yield " ".join(bare.split())


def _is_local(line: str) -> bool:
    if option := _VALUE.fullmatch(line):
        value = option[1].strip("\"'")
        return not _is_url(value) or bool(_FILE_URL.search(value))
    if line.startswith("-"):
        return False
    start = re.split(r"\s*;|\s--", line)[0]
    if _is_url(start):
        return bool(_FILE_URL.search(start))
    return "/" in start or start.startswith(".") or start.lower().endswith(_ARCHIVES)


def _is_url(text: str) -> bool:
    return "://" in text or bool(_FILE_URL.search(text))
