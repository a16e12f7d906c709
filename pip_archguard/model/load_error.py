"""What the message of a failed import or `dlopen` says."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from pip_archguard.model.target import System


class Cause(Enum):
    """Why something could not be loaded; the value is its stable code."""

    WRONG_ARCHITECTURE = "wrong-architecture"
    WRONG_PLATFORM = "wrong-platform"
    FOREIGN_FILE = "foreign-file"
    MALFORMED = "malformed-binary"
    BAD_SIGNATURE = "code-signature"
    NEWER_SYSTEM = "newer-system"
    MISSING_LIBRARY = "missing-library"
    MISSING_SYMBOL = "missing-symbol"
    SYMBOL_NOWHERE = "symbol-nowhere"
    OTHER_PYTHON = "other-python"
    OTHER_LIBC = "other-libc"
    NO_INIT = "missing-init"
    REFUSED = "refused-by-the-loader"
    WRONG_PROGRAM = "wrong-program"
    ILLEGAL_INSTRUCTION = "illegal-instruction"
    UNSUPPORTED_WHEEL = "unsupported-wheel"
    MISSING_MODULE = "missing-module"
    PYTHON_LACKS = "python-lacks-module"
    HALF_IMPORTED = "half-imported"
    RUST_PANIC = "rust-panic"
    IMPORT_WRAPPER = "import-wrapper"

    @property
    def follows(self) -> bool:
        """Whether such an error only ever follows from another, which the text may hold."""
        return self in (Cause.HALF_IMPORTED, Cause.RUST_PANIC, Cause.IMPORT_WRAPPER)


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadError:
    """One error as its message has it; what the message does not say is empty.

    `file` is what could not be loaded, `have` and `need` are architectures, platforms or
    a version, as the loader calls them. `library` is what was looked for, by the file
    `referenced_from`. `asked_by` is the Python file whose import failed, by the traceback.
    `detail` are the loader's own words, where there are no better ones.
    """

    cause: Cause
    system: System = System.OTHER
    file: str = ""
    have: tuple[str, ...] = ()
    need: tuple[str, ...] = ()
    symbol: str = ""
    library: str = ""
    referenced_from: str = ""
    module: str = ""
    asked_by: str = ""
    detail: str = ""

    @property
    def broken_file(self) -> str:
        """The file at fault, as far as it can be told: the one that lacks, or cannot load."""
        return self.file or self.referenced_from
