"""Which requirements may be passed on, and what they name of this machine."""

from __future__ import annotations

import pytest

from builders.route_cases import AWKWARD
from pip_archguard.errors import UnreadableInputError
from pip_archguard.model.route import Requirements
from pip_archguard.remedies.requirements import (
    local_references,
    requirements_file,
    specifier,
)

SECRET = "hunter2"  # noqa: S105 - made up
HARMLESS = (
    "https://files.invalid/a.whl",
    "https://${USER_NAME}:${TOKEN}@files.invalid/a.whl",
    "https://user:${TOKEN}@files.invalid/a.whl",
    "git+ssh://git@files.invalid/a.git",
    "git+https://git@files.invalid/a.git",
    "git+https://files.invalid/a.git@v1.0",
    "https://files.invalid/a.whl?token=${TOKEN}",
    "https://files.invalid/a.whl?token=&sig=",
    "https://files.invalid/token=1/a.whl?v=1&monkey=2&config=3&author=4",
    "https://files.invalid/a.whl#sha256=00&egg=a&subdirectory=secret",
)
SECRETS = (
    f"https://user:{SECRET}@files.invalid/a.whl",
    f"https://{SECRET}@files.invalid/a.whl",
    f"HTTPS://user:{SECRET}@files.invalid/a.whl",
    f"https://user:p@{SECRET}@files.invalid/a.whl",
    f"git+https://{SECRET}@files.invalid/a.git",
    f"git+ssh://git:{SECRET}@files.invalid/a.git",
    f"https://${{A}}{SECRET}@files.invalid/a.whl",
    *(
        f"https://files.invalid/a.whl?{query}{SECRET}"
        for query in (
            *("token=", "access_token=", "private-token=", "v=1&sig=", "v=1;key=", "apikey="),
            *("X-Amz-Signature=", "X-Amz-Security-Token=", "Password=", "auth=", "pass%77ord="),
            *("accessKey=", "pass=", "client.secret=", "token=${A}", "a#token="),
        )
    ),
    f"https://files.invalid/b'c.whl?token={SECRET}",
    f"git+https://files.invalid/a.git?token={SECRET}#egg=a",
)


@pytest.mark.parametrize("text", ["uamqp==1.6.1", *AWKWARD, *(f"a @ {url}" for url in HARMLESS)])
def test_a_specifier_is_passed_on_as_it_is(text: str) -> None:
    assert specifier(f" {text} ") == text


@pytest.mark.parametrize(
    "text",
    [
        *("", "-e", "--index-url=x", "a b", "a==", ".", "./a.whl", "a\nb", "a @ b", "a@@"),
        *(
            "https://files.invalid/a.whl",
            'a; extra == " #"',
            "a @ https://x/\\",
            "a @ https://x/\ny",
        ),
    ],
    ids=repr,
)
def test_what_is_no_specifier_is_refused_and_named(text: str) -> None:
    with pytest.raises(UnreadableInputError) as caught:
        specifier(text)

    assert str(caught.value).startswith("`")
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("url", SECRETS)
def test_a_password_is_neither_passed_on_nor_shown(url: str) -> None:
    with pytest.raises(UnreadableInputError) as in_specifier:
        specifier(f"a @ {url}")
    with pytest.raises(UnreadableInputError, match="line 2") as in_file:
        requirements_file("r.txt", f"a\n--index-url {url}\n")

    assert SECRET not in str(in_specifier.value) + str(in_file.value)
    assert in_file.value.hint


@pytest.mark.parametrize(
    "text",
    [
        f"git+https://u:{SECRET}@files.invalid/x.git",
        f"https://files.invalid/a.whl?token={SECRET}",
        f"-e git+https://{SECRET}@files.invalid/x.git",
        f"a b @ https://u:{SECRET}@files.invalid/x",
        f"a @ https://u:{SECRET}@files.invalid/x\\",
    ],
)
def test_what_is_no_specifier_is_not_shown_with_its_password(text: str) -> None:
    with pytest.raises(UnreadableInputError, match="holds a password") as caught:
        specifier(text)

    assert SECRET not in str(caught.value)
    assert caught.value.hint


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=repr)
@pytest.mark.parametrize(
    "lines",
    [
        ("--index-url https:\\", f"//u:{SECRET}@files.invalid/s"),
        ("--index-url https://u:\\", f"{SECRET}\\", "@files.invalid/s"),
        ("--index-url https://files.invalid/s?tok\\", f"en={SECRET}"),
        ("--index-url https:\\", f"//u:{SECRET}@files.invalid/s\\"),
        (f"# https://u:{SECRET}@files.invalid/s",),
        ("a \\", f"# https://u:{SECRET}@files.invalid/s"),
    ],
    ids=" ".join,
)
def test_a_password_on_continued_lines_or_in_a_comment_is_found(
    lines: tuple[str, ...], end: str
) -> None:
    with pytest.raises(UnreadableInputError, match=r"in line 2$"):
        requirements_file("r.txt", end.join(["a", *lines, "b"]))


@pytest.mark.parametrize("url", HARMLESS)
def test_a_file_with_a_url_without_a_password_is_passed_on_as_it_is(url: str) -> None:
    content = f"\ufeff-i {url}\r\na\r\n"

    assert requirements_file("r.txt", content).content == content


@pytest.mark.parametrize("name", ["a\nb.txt", "\x1b[2J/r.txt"], ids=repr)
def test_a_file_whose_name_no_command_can_show_is_refused(name: str) -> None:
    with pytest.raises(UnreadableInputError, match="cannot stand in a command") as caught:
        requirements_file(name, "a\n")

    assert str(caught.value).isprintable()


def test_a_binary_file_is_refused() -> None:
    with pytest.raises(UnreadableInputError, match="no text file"):
        requirements_file("r.txt", "PK\0\0")


@pytest.mark.parametrize(
    "line",
    [
        *("-r more.txt", "-rmore.txt", "--requirement=more.txt", "-c c.txt", "--constraint c.txt"),
        *("-e .", "--editable=../x", "-e file:///x", "-f wheels", "--find-links=./wheels"),
        *(".", ".[extra]", "./a.whl", "wheels/a.whl", "a.whl", "a.tar.gz", "/x/a", "file:///a.whl"),
        *("a @ file:///x/a.whl", "a@file:///x", "git+file:///x", "-e git+file:///x"),
        './a.whl ; python_version < "3"',
    ],
)
def test_lines_that_name_something_here_are_found(line: str) -> None:
    file = requirements_file("r.txt", f"numpy\n{line}  # why\n")

    assert local_references(Requirements(files=(file,))) == (line,)


@pytest.mark.parametrize(
    "line",
    [
        *("numpy", "# -r more.txt", "--no-binary :all:", "-r https://files.invalid/r.txt"),
        *("a @ https://files.invalid/a.whl", "git+https://files.invalid/a.git#egg=a", "--pre"),
        *("-i https://files.invalid/simple", "-e git+https://files.invalid/a", "a@https://x/y.whl"),
        *('a; platform_version < "1/2"', "a --hash=sha256:00", "a --config-settings=x=y/z"),
    ],
)
def test_other_lines_are_not(line: str) -> None:
    file = requirements_file("r.txt", f"{line}\n")

    assert local_references(Requirements(files=(file,))) == ()


@pytest.mark.parametrize(
    "text",
    [
        *("-r \\\n  more.txt\n", "-r \\\r\n more.txt\r\n", "-r mo\\\nre.txt", "-r more.txt\\"),
        *("-r more.txt \\\n# why\n", "# why \\\n-r more.txt\n"),
    ],
    ids=repr,
)
def test_a_continued_line_counts_as_one_that_pip_would_read(text: str) -> None:
    file = requirements_file("r.txt", text)

    assert local_references(Requirements(specifiers=("a",), files=(file, file))) == ("-r more.txt",)
