"""The requirements of a route, held against what may stand in a file that is passed on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote_plus

from packaging.requirements import InvalidRequirement, Requirement

from pip_archguard.errors import UnreadableInputError
from pip_archguard.model.route import Requirements, RequirementsFile

# What pip would take for a comment or for a continued line in a requirements file.
_SPECIAL = re.compile(r"\s#|\\$")
_USERINFO = re.compile(r"([a-z][a-z0-9+.-]{0,30})://([^\s/?#\"']*)@", re.IGNORECASE)
# What a key of a URL's query may end in, `-`, `_` and `.` aside, if its value is a secret: as
# `X-Amz-Signature`, `private_token`, `sig` (Azure) and `apikey`.
_SECRET_KEY = re.compile(
    r".*(?:token|secret|sig|signature|password|passwd|passphrase|pwd|auth|authorization"
    r"|credentials?|jwt|(?:api|access|account|auth|private|secret|shared)key)|key|pass",
    re.IGNORECASE,
)
# Comments, as pip finds them (`COMMENT_RE` of its `req_file`), but for the spaces before them.
_COMMENT = re.compile(r"(?:^|\s)#.*")
# pip fills these in itself (`ENV_VAR_RE` of its `req_file`).
_VARIABLE = re.compile(r"\$\{[A-Z0-9_]+\}")
_VALUE = re.compile(
    r"(?:-r|--requirement|-c|--constraint|-e|--editable|-f|--find-links|-i"
    r"|--index-url|--extra-index-url)[\s=]*(.+)",
    re.DOTALL,
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
    if holds_secret(spec):
        msg = "a requirement holds a password or token in its URL"
        raise UnreadableInputError(msg, hint=_NO_SECRETS)
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
    return spec


def requirements_file(path: str, content: str) -> RequirementsFile:
    """Return a requirements file whose text is safe to copy; else UnreadableInputError."""
    if not path.isprintable():
        msg = f"the name of `{_shown(path)}` cannot stand in a command to paste"
        raise UnreadableInputError(msg)
    if "\0" in content:
        msg = f"`{path}` is no text file"
        raise UnreadableInputError(msg)
    if line := _secret_line(content):
        msg = f"`{path}` holds a password or token in a URL, in line {line}"
        raise UnreadableInputError(msg, hint=_NO_SECRETS)
    return RequirementsFile(path=path, content=content)


def local_references(requirements: Requirements) -> tuple[str, ...]:
    """Return the lines that name files or folders of this machine, each once."""
    texts = (*requirements.specifiers, *(file.content for file in requirements.files))
    lines = (line for text in texts for line in _lines(text))
    return tuple(dict.fromkeys(line for line in lines if _is_local(line)))


def holds_secret(text: str) -> bool:
    """Whether text has a password or token in a URL: then no message may show it."""
    return _secret_line(text) is not None


def _shown(text: str) -> str:
    return text if text.isprintable() else repr(text)[1:-1]


def _secret_line(text: str) -> int | None:
    """Return the number of the first line with a password or token in a URL."""
    for number, line in _joined(text):
        if any(_VARIABLE.sub("", secret) for secret in _secrets(line)):
            return number
    return None


def _secrets(line: str) -> Iterator[str]:
    """Give what stands in a line where URLs have passwords and tokens."""
    for scheme, userinfo in _USERINFO.findall(line):
        user, _, password = userinfo.partition(":")
        # Over ssh and git, the user's name is no secret; over HTTP it may be a token.
        over_http = scheme.lower().rpartition("+")[2] in ("http", "https")
        yield password or (user if over_http and user != "git" else "")
    for word in line.split():
        for parameter in re.split("[?#&;]", word.partition("://")[2])[1:]:
            key, _, value = parameter.partition("=")
            if _SECRET_KEY.fullmatch(re.sub("[-_.]", "", unquote_plus(key))):
                yield value.strip("\"'")


def _joined(text: str) -> Iterator[tuple[int, str]]:
    """Give each line and its number, continued ones as one (`join_lines` of pip's `req_file`)."""
    begun: tuple[int, str] | None = None
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), 1):
        first, before = begun or (number, "")
        is_comment = line.lstrip().startswith("#")
        if line.endswith("\\") and not is_comment:
            begun = (first, before + line.strip("\\"))
        else:
            begun = None
            yield first, before + (f" {line}" if is_comment else line)
    if begun:
        yield begun


def _lines(text: str) -> Iterator[str]:
    for _, line in _joined(text):
        if bare := _COMMENT.sub("", line).strip():
            yield " ".join(bare.split())


def _is_local(line: str) -> bool:
    if option := _VALUE.fullmatch(line):
        value = option[1].strip("\"'")
        return not _is_url(value) or bool(_FILE_URL.search(value))
    if line.startswith("-"):
        return False
    start = re.split(r";|\s--", line)[0].rstrip()
    if _is_url(start):
        return bool(_FILE_URL.search(start))
    return "/" in start or start.startswith(".") or start.lower().endswith(_ARCHIVES)


def _is_url(text: str) -> bool:
    return "://" in text or bool(_FILE_URL.search(text))
