"""Any text is read in bounded time, and none is an error of ours."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders.error_messages import MESSAGES
from pip_archguard.messages import MOST_ERRORS, place_of, recognise
from pip_archguard.messages.cleaning import MOST_TEXT, cleaned

PIECES = sorted(
    {part for text in MESSAGES.values() for part in text.replace("\n", " \n ").split(" ")}
)
SEED = settings(derandomize=True, deadline=None, max_examples=300)
_LENGTH = MOST_TEXT // 8
_SECONDS = 10
"""Far more than a linear reader takes, which is under a second."""

REPEATED = [
    "dlopen(",
    "dlopen(a, 2): ",
    "dlopen(a, 2): tried: 'a' (",
    "dlopen(a, 2): no suitable image found.  Did find:\n a: b\n",
    "Symbol not found: ",
    "Symbol not found: a\nReferenced from: ",
    "Library not loaded: a\n",
    "dyld: ",
    "\n\n",
    "\n \n",
    "'",
    "' (",
    "(have 'a', need ",
    "\x1b[",
    "\x1b]",
    "\x1b[0;",
    "a",
    "/",
    ": /",
    ": wrong ELF class: ",
    "Error loading shared library ",
    "Error relocating a: ",
    "a: version `GLIBC_2.3' not found ",
    ": Bad CPU type in executable",
    "> ",
    "\t",
    "a\tb\t",
    '  File "/a/site-packages/b.py", line 1\n',
    "a.whl",
    "No module named 'a._b'\n",
    "&lt;",
]


@SEED
@given(st.text())
def test_no_text_is_an_error(text: str) -> None:
    assert len(recognise(text)) <= MOST_ERRORS


@SEED
@given(st.lists(st.sampled_from(PIECES), max_size=60))
def test_no_shuffled_message_is_an_error(parts: list[str]) -> None:
    assert len(recognise(" ".join(parts))) <= MOST_ERRORS


@SEED
@given(st.text(alphabet="/\\.abc-_0123 libpythonsite-packagesegAp"))
def test_no_path_is_an_error(path: str) -> None:
    assert place_of(path).project is not None


@pytest.mark.parametrize("piece", REPEATED, ids=repr)
def test_a_long_text_is_read_in_seconds(piece: str) -> None:
    text = piece * (_LENGTH // len(piece))

    begun = time.monotonic()
    recognise(text)

    assert time.monotonic() - begun < _SECONDS


def test_only_the_end_of_a_long_text_is_read() -> None:
    text = MESSAGES["elf-class"] + "\n" + "x" * MOST_TEXT

    assert recognise(text) == ()
    assert len(cleaned(text)) == MOST_TEXT


def test_many_errors_are_told_up_to_a_bound() -> None:
    lines = (f"ImportError: lib{n}.so: wrong ELF class: ELFCLASS32" for n in range(100))

    assert len(recognise("\n".join(lines))) == MOST_ERRORS
