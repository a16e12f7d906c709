"""How well-known packages fall back, or do not, in a few words of our own."""

from __future__ import annotations

import pytest

from pip_archguard.sources import optional_modules

PYMONGO = {
    "bson/__init__.py": """
try:
    from bson import _cbson
    _FAST = True
except ImportError:
    _FAST = False

def _decode_slowly(data): return data
if _FAST:
    def _element(data): return _cbson.element(data)
else:
    def _element(data): return data
_decode = _decode_slowly
if _FAST:
    _decode = _cbson.decode
""",
    "pymongo/__init__.py": """
def compiled():
    try:
        from pymongo import _cmessage
        return True
    except ImportError:
        return False
""",
    "pymongo/message.py": """
try:
    from pymongo import _cmessage
    _fast = True
except ImportError:
    _fast = False
def _pack(x): return x
if _fast:
    _pack = _cmessage.pack
""",
}

CRC32C = {
    "google_crc32c/__init__.py": """
try:
    from google_crc32c import cext as chosen
except ImportError as error:
    from google_crc32c import python as chosen
    warnings.warn("slow", RuntimeWarning)
value = chosen.value
""",
    "google_crc32c/cext.py": "import os\nfrom google_crc32c._crc32c import value",
    "google_crc32c/python.py": "def value(data): return 0",
}

NUMPY = {
    "numpy/__init__.py": "from . import _core",
    "numpy/_core/__init__.py": """
try:
    from . import multiarray
except ImportError as exc:
    import sys
    message = "the C-extensions do not work: %s" % exc
    raise ImportError(message) from exc
""",
    "numpy/_core/multiarray.py": "from . import _multiarray_umath",
}

SKLEARN = {
    "sklearn/__init__.py": "from sklearn import __check_build",
    "sklearn/__check_build/__init__.py": """
def give_up(error):
    raise ImportError("not built: %s" % error)
try:
    from sklearn.__check_build._check_build import check
except ImportError as error:
    give_up(error)
""",
}

PILLOW = {
    "PIL/__init__.py": "",
    "PIL/ImageFont.py": """
try:
    from . import _font as core
except ImportError as error:
    core = DeferredError.new(error)
""",
    "PIL/WebP.py": """
try:
    from . import _webp
    SUPPORTED = True
except ImportError:
    SUPPORTED = False
class WebP:
    def load(self): return _webp.decode(self)
if SUPPORTED:
    register(WebP)
""",
}

PYARROW = {
    "pyarrow/__init__.py": "",
    "pyarrow/fs.py": """
_missing = []
try:
    from pyarrow._s3 import S3
except ImportError:
    _missing.append("S3")
""",
}

MSGPACK = {
    "msgpack/__init__.py": """
if os.environ.get("MSGPACK_PUREPYTHON"):
    from .fallback import Packer
else:
    try:
        from ._cmsgpack import Packer
    except ImportError:
        from .fallback import Packer
""",
    "msgpack/fallback.py": "class Packer: pass\nif sys.pypy: from __pypy__ import newlist_hint",
}

PROTOBUF = {
    "google/protobuf/internal/api.py": """
_module = None
try:
    from google._upb import _message
    _module = _message
    del _message
except ImportError:
    warnings.warn("slow")
""",
    "google/protobuf/__init__.py": "",
}

LMDB = {
    "lmdb/__init__.py": """
try:
    from lmdb.cpython import *
    from lmdb.cpython import open
except ImportError:
    if os.getenv("LMDB_FORCE_CPYTHON") is not None:
        raise
    from lmdb.cffi import *
    from lmdb.cffi import open
""",
    "lmdb/cffi.py": """
import os
if not lmdb._reading_docs():
    import cffi
""",
}

PYGAME = {
    "pygame/__init__.py": """
def _attribute_undefined(name):
    raise RuntimeError(f"{name} is not available")
class MissingModule:
    def __init__(self, name): self.name = name
    def __getattr__(self, name):
        if self.urgent: warn()
        raise NotImplementedError(name)
try:
    import pygame.display
except (ImportError, OSError):
    display = MissingModule("display")
try:
    from pygame.surface import Surface
except (ImportError, OSError):
    def Surface(size): _attribute_undefined("pygame.Surface")
""",
}

ZSTANDARD = {
    "zstandard/__init__.py": """
if plain:
    from .backend_c import *
else:
    try:
        from .backend_c import *
    except ImportError:
        from .backend_cffi import *
""",
}


@pytest.mark.parametrize(
    ("sources", "extension", "optional"),
    [
        (PYMONGO, "bson/_cbson", True),
        (PYMONGO, "pymongo/_cmessage", True),
        (CRC32C, "google_crc32c/_crc32c", True),
        (MSGPACK, "msgpack/_cmsgpack", True),
        (PROTOBUF, "google/_upb/_message", True),
        (NUMPY, "numpy/_core/_multiarray_umath", False),
        (SKLEARN, "sklearn/__check_build/_check_build", False),
        (PILLOW, "PIL/_font", False),
        (PILLOW, "PIL/_webp", False),
        (PYARROW, "pyarrow/_s3", False),
        (ZSTANDARD, "zstandard/backend_c", False),
        (LMDB, "lmdb/cpython", False),
        (PYGAME, "pygame/display", False),
        (PYGAME, "pygame/surface", False),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_real_packages_are_told_right(
    sources: dict[str, str], extension: str, *, optional: bool
) -> None:
    found = optional_modules({p: text.encode() for p, text in sources.items()}, [extension])

    assert found == ({extension} if optional else set())
