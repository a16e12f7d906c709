"""What the arguments of `scan` stand for: wheel files, or what pip has to find first."""

from __future__ import annotations

import copy
import os
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from pip._internal.exceptions import PipError

from pip_archguard.errors import UnreadableInputError
from pip_archguard.pipbridge.internals.fetching import reason_of

_SOME_REQUIREMENT = "pip"
_TEXT = ".txt"
"""How requirements files are called, and hardly ever a project: PyPI turns such names down."""


def wheels_named(argument: str) -> tuple[Path, ...] | None:
    """Return the wheel files that an argument is, or holds; None if it is none of these.

    Raises UnreadableInputError if it can be nothing else, and there is none.
    """
    path = Path(argument)
    # `Path.is_dir` raises for what is too long to be a file, as a signed URL may well be.
    if os.path.isdir(argument):  # noqa: PTH112
        found = tuple(sorted(path.glob("*.whl")))
        if found:
            return found
        if _is_bare_name(argument):  # pip takes it for a project of that name, too
            return None
        msg = f"the folder `{argument}` holds no wheel"
        hint = "name a folder with wheels in it"
        if (path / "pyproject.toml").exists() or (path / "setup.py").exists():
            hint = f"build it first, `pip-archguard wheel --no-deps -w wheels {argument}`"
        raise UnreadableInputError(msg, hint=hint)
    if argument.endswith(".whl") and "://" not in argument:
        if not os.path.isfile(argument):  # noqa: PTH113 - see above
            msg = f"there is no file `{argument}`"
            raise UnreadableInputError(msg, hint="name a wheel file that exists")
        return (path,)
    if argument.endswith(_TEXT) and "://" not in argument and not path.exists():
        msg = f"there is no file `{argument}`"
        hint = "name a wheel, a folder of wheels, or a requirements file that exists behind `-r`"
        raise UnreadableInputError(msg, hint=hint)
    return None


class Requirements:
    """Has pip read requirements, each source by itself so that one bad one spoils no other."""

    def __init__(self, get: Callable[[list[str], Any], Any], options: Any) -> None:
        self._get = get
        self._options = options

    def constraints(self) -> tuple[Any, ...]:
        """Return what `-c` and the environment say."""
        files = self._options.constraints
        if not files:
            return ()
        # pip reads constraints along with at least one requirement, whatever it is.
        reqs = self._checked(" ".join(files), [_SOME_REQUIREMENT], constraints=files)
        return tuple(req for req in reqs if req.constraint)

    def of_argument(self, argument: str) -> list[Any]:
        """Return the requirements that an argument stands for: one, or none."""
        return self._checked(argument, [argument])

    def of_options(self) -> Iterator[Callable[[], list[Any]]]:
        """Yield readers of each requirements file and the like."""
        for file in self._options.requirements:
            yield partial(self._checked, file, [], requirements=[file])
        for name in ("editables", "dependency_groups", "requirements_from_scripts"):
            for each in getattr(self._options, name, None) or ():
                yield partial(self._checked, str(each), [], **{name: [each]})

    def _checked(self, said: str, arguments: list[str], **sources: Any) -> list[Any]:
        try:
            return self._read(arguments, **sources)
        except (PipError, OSError) as error:
            msg = f"`{said}` cannot be read as requirements: {reason_of(error)}"
            raise UnreadableInputError(msg) from error

    def _read(self, arguments: list[str], **sources: Any) -> list[Any]:
        options = copy.copy(self._options)
        options.requirements = options.constraints = options.editables = []
        options.dependency_groups = options.requirements_from_scripts = []
        options.use_pep517 = None  # pips that read it have an option for it, which scan has not
        vars(options).update(sources)
        reqs = list(self._get(arguments, options))
        self._options.require_hashes |= options.require_hashes
        return reqs


def _is_bare_name(argument: str) -> bool:
    separators = [os.sep, *([os.altsep] if os.altsep else [])]
    return not argument.startswith(".") and not any(s in argument for s in separators)
