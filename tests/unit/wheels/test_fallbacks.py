"""Optional extensions of wheels on disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from builders.wheels import make_metadata, make_wheel
from pip_archguard.sources import bounds, opened
from pip_archguard.wheels import optional_extensions

GUARDED = b"try:\n    from . import _c\nexcept ImportError:\n    _c = None\n"
INIT = {"demo/__init__.py": GUARDED}


def optional(folder: Path, files: dict[str, bytes], *modules: str) -> frozenset[str]:
    path = folder / "demo-1.0-cp312-cp312-macosx_11_0_arm64.whl"
    path.write_bytes(make_wheel("demo", "1.0", "cp312-cp312-macosx_11_0_arm64", files).content)
    return optional_extensions(path, modules or ("demo/_c",))


def test_the_sources_of_a_wheel_tell_what_is_optional(tmp_path: Path) -> None:
    files = {**INIT, "demo/_c.so": b"", "demo/notes.txt": b"import demo._c"}

    assert optional(tmp_path, files, "demo/_c", "demo/_d") == {"demo/_c"}


@pytest.mark.parametrize("folder", ["purelib", "platlib"])
def test_sources_and_modules_that_the_data_folder_holds_are_moved(
    tmp_path: Path, folder: str
) -> None:
    inside = f"demo-1.0.data/{folder}/demo"

    assert optional(tmp_path, {f"{inside}/__init__.py": GUARDED}) == {"demo/_c"}
    assert optional(tmp_path, INIT, f"{inside}/_c") == {f"{inside}/_c"}
    assert optional(tmp_path, {**INIT, f"{inside}/m.py": b"import demo._c"}) == set()


def test_a_script_that_needs_the_extension_is_something_that_users_run(tmp_path: Path) -> None:
    assert optional(tmp_path, {**INIT, "demo-1.0.data/scripts/x.py": b"import demo._c"}) == set()


SUBSTITUTE = b"try:\n    from . import _c\nexcept ImportError:\n    import cffi, struct\n"


@pytest.mark.parametrize("requires", [["cffi>=1"], ["cffi; extra == 'x'"], []], ids=str)
def test_a_substitute_is_there_if_the_wheel_requires_it(
    tmp_path: Path, requires: list[str]
) -> None:
    path = tmp_path / "demo-1.0-py3-none-any.whl"
    files = {"demo/__init__.py": SUBSTITUTE}
    wheel = make_wheel("demo", "1.0", "py3-none-any", files, requires=requires)
    path.write_bytes(wheel.content)

    assert bool(optional_extensions(path, ["demo/_c"])) is (requires == ["cffi>=1"])


def test_where_nothing_is_asked_about_not_even_the_wheel_is_opened() -> None:
    assert optional_extensions(Path("no such file"), []) == set()


def test_a_wheel_that_cannot_be_read_makes_nothing_optional(tmp_path: Path) -> None:
    (tmp_path / "bad.whl").write_bytes(b"PK")

    assert optional_extensions(tmp_path / "bad.whl", ["demo/_c"]) == set()
    assert optional_extensions(tmp_path / "gone.whl", ["demo/_c"]) == set()


def test_a_member_that_cannot_be_read_makes_nothing_optional(tmp_path: Path) -> None:
    path = tmp_path / "demo.whl"
    content = make_wheel("demo", "1.0", "py3-none-any", {**INIT, "demo/m.py": b"0" * 99}).content
    path.write_bytes(content.replace(b"demo/m.py", b"demo/n.py", 1))

    assert optional_extensions(path, ["demo/_c"]) == set()


@pytest.mark.parametrize("bound", ["SOURCE_LENGTH", "SOURCES"])
def test_more_source_than_is_read_makes_nothing_optional(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bound: str
) -> None:
    files = {**INIT, "demo/m.py": b"#" * len(GUARDED), "demo/tests/m.py": b"#" * 999}
    size = len(GUARDED)
    if bound == "SOURCES":
        size += len(GUARDED) + len(make_metadata("demo", "1.0"))

    monkeypatch.setattr(opened, bound, size)

    assert getattr(bounds, bound) > size
    assert optional(tmp_path, files) == {"demo/_c"}

    monkeypatch.setattr(opened, bound, size - 1)

    assert optional(tmp_path, files) == set()
