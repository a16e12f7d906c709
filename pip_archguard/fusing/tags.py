"""The platform tag that a fused wheel may bear."""

from __future__ import annotations

FIRST_ON_ARM64 = (11, 0)
"""The first macOS for Apple silicon."""


def universal2_tag(arm64: tuple[int, int], x86_64: tuple[int, int]) -> str:
    """Return the tag for code that needs these versions of macOS, by architecture.

    A Mac takes `macosx_X_Y_universal2` from macOS X.Y on, and one with Apple silicon has
    at least 11.0 (`packaging.tags.mac_platforms`). So the version is that of the x86_64
    half as long as the other asks for no more than 11.0 (as delocate has it in
    `_get_archs_and_version_from_wheel_name`), and else the newer of the two.
    """
    major, minor = x86_64 if arm64 <= FIRST_ON_ARM64 else max(arm64, x86_64)
    return f"macosx_{major}_{minor}_universal2"
