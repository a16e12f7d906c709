"""A hundred popular packages with native code, of which there are wheels for each system."""

from __future__ import annotations

POPULAR: tuple[str, ...] = (
    *("numpy", "pandas", "scipy", "scikit-learn", "matplotlib", "pillow", "pyyaml", "cffi"),
    *("cryptography", "charset-normalizer", "markupsafe", "aiohttp", "frozenlist", "multidict"),
    *("yarl", "propcache", "pydantic-core", "rpds-py", "wrapt", "greenlet", "sqlalchemy"),
    *("psycopg2-binary", "psycopg-binary", "asyncpg", "pymongo", "lxml", "grpcio"),
    *("grpcio-tools", "protobuf", "pyarrow", "orjson", "ujson", "msgpack", "regex", "tiktoken"),
    *("tokenizers", "safetensors", "sentencepiece", "hf-xet", "contourpy", "kiwisolver"),
    *("fonttools", "coverage", "mypy", "black", "ruff", "uvloop", "httptools", "watchfiles"),
    *("websockets", "zstandard", "lz4", "brotli", "cython", "numba", "llvmlite", "h5py"),
    *("shapely", "pyproj", "rasterio", "psutil", "pyzmq", "tornado", "debugpy"),
    *("argon2-cffi-bindings", "bcrypt", "pynacl", "pycryptodome", "pycryptodomex", "gevent"),
    *("zope-interface", "simplejson", "cchardet", "bitarray", "blis", "thinc", "spacy"),
    *("murmurhash", "cymem", "preshed", "srsly", "statsmodels", "cmake", "pywavelets"),
    *("opencv-python-headless", "onnxruntime", "faiss-cpu", "duckdb", "playwright", "rapidfuzz"),
    *("levenshtein", "jiter", "backports-zstd", "hiredis", "setproctitle", "google-crc32c"),
    *("xxhash", "mmh3", "clickhouse-connect", "scikit-image"),
)
"""Each has a wheel of its own for Linux with glibc on x86_64, and none is for any platform."""
