"""What METADATA says is installed together with a wheel."""

from __future__ import annotations

from io import BytesIO

import pytest

from pip_archguard.sources import optional_in

INIT = b"try:\n    from . import _c\nexcept ImportError:\n    import %s\n"


def optional(module: bytes, metadata: bytes, path: str = "demo-1.0.dist-info/METADATA") -> bool:
    files = {path: metadata, "demo/__init__.py": INIT % module}
    opened = ((name, BytesIO(text)) for name, text in files.items())
    return bool(optional_in(opened, ["demo/_c"], frozenset({"math"})))


LINES = {
    "a name": (b"Requires-Dist: cffi", b"cffi", True),
    "a module inside": (b"Requires-Dist: cffi", b"cffi.api", True),
    "a version": (b"Requires-Dist: cffi>=1.0", b"cffi", True),
    "a version in parentheses": (b"Requires-Dist: cffi (>=1.0)", b"cffi", True),
    "an extra of the other": (b"Requires-Dist: cffi[fast]", b"cffi", True),
    "another spelling": (b"requires-dist:Typing.Extensions", b"typing_extensions", True),
    "carriage returns": (b"Name: demo\r\nRequires-Dist: cffi\r\n", b"cffi", True),
    "a condition": (b"Requires-Dist: cffi; python_version > '3'", b"cffi", False),
    "an extra": (b"Requires-Dist: cffi ; extra == 'cffi'", b"cffi", False),
    "a module of another name": (b"Requires-Dist: PyYAML", b"yaml", False),
    "another distribution": (b"Requires-Dist: cffi2", b"cffi", False),
    "the description": (b"Name: demo\n\nRequires-Dist: cffi", b"cffi", False),
    "no name": (b"Requires-Dist: !", b"cffi", False),
    "nothing": (b"", b"cffi", False),
    "Python's own": (b"", b"math", True),
}


@pytest.mark.parametrize(("metadata", "module", "there"), LINES.values(), ids=LINES)
def test_a_substitute_may_come_from_what_is_required_without_a_condition(
    metadata: bytes, module: bytes, *, there: bool
) -> None:
    assert optional(module, metadata) is there


def test_the_metadata_of_what_is_vendored_does_not_count() -> None:
    path = "demo/vendored/cffi-1.0.dist-info/METADATA"

    assert not optional(b"cffi", b"Requires-Dist: cffi", path)
