"""What `doctor` may have looked at, for tests of what is pure."""

from __future__ import annotations

from dataclasses import replace

from builders.facts import mac
from pip_archguard.model.arch import Arch
from pip_archguard.model.doctor import (
    Cache,
    CachedWheel,
    Checkup,
    Conda,
    Interpreter,
    Machine,
    PipSetup,
    Setting,
    Tool,
    Tools,
)
from pip_archguard.model.enabling import Enabling
from pip_archguard.model.target import System, Target

MACHINE = Machine(
    target=mac(), system_version="14.5", hardware="arm64", chip="Apple M2 Pro", rosetta=True
)
ROSETTA = replace(MACHINE, target=mac(Arch.X86_64), translated=True)
PYTHON = Interpreter(
    executable="/v/bin/python",
    version="cpython 3.12.4",
    prefix="/v",
    built_for="macosx-11.0-universal2",
    archs=("arm64", "x86_64"),
)
PIP = PipSetup(version="26.3", on_path="/v/bin/pip", enabling=Enabling.NOT_ENABLED)
TOOLS = Tools(
    found=(
        Tool(
            name="cc",
            path="/usr/bin/cc",
            version="Apple clang version 15.0.0",
            archs=("x86_64", "arm64e"),
        ),
    ),
    missing=("cmake", "gfortran"),
    developer_folder="/Library/Developer/CommandLineTools",
)
CACHE = Cache(folder="/c/wheels", wheels=3)

WELL = Checkup(
    machine=MACHINE,
    interpreter=PYTHON,
    pip=PIP,
    tools=TOOLS,
    variables=(),
    conda=(),
    cache=CACHE,
)

CONDA = Conda(prefix="/m/envs/e", is_ours=True, subdirs=(("osx-arm64", 40),))

ILL = Checkup(
    machine=ROSETTA,
    interpreter=PYTHON,
    pip=replace(
        PIP,
        unguardable="pip 27.0 cannot be guarded: `x` is gone",
        on_path="/usr/bin/pip",
        is_ours=False,
        enabling=Enabling.STALE,
        settings=("PIP_ARCH_POLICY", "install.no-binary"),
    ),
    tools=replace(TOOLS, found=(), developer_folder=""),
    variables=(Setting(name="ARCHFLAGS", value="-arch arm64"),),
    conda=(
        replace(CONDA, subdirs=(("osx-64", 1), ("osx-arm64", 40))),
        replace(
            CONDA,
            prefix="/m/envs/f",
            is_ours=False,
            subdirs=(("osx-64", 12),),
            configured=(Setting(name="CONDA_SUBDIR", value="osx-arm64"),),
        ),
    ),
    cache=replace(
        CACHE,
        complete=False,
        poisoned=(
            CachedWheel(
                filename="demo-1.0-cp312-cp312-macosx_11_0_universal2.whl",
                pattern="demo-1.0-cp312-cp312-macosx_11_0_universal2",
                path="/c/wheels/a/demo-1.0-cp312-cp312-macosx_11_0_universal2.whl",
            ),
        ),
    ),
)

LINUX = Checkup(
    machine=Machine(
        target=Target(system=System.LINUX, arch=Arch.X86_64, python="cp312"),
        system_version="6.8.0",
        hardware="x86_64",
    ),
    interpreter=replace(PYTHON, built_for="linux-x86_64", archs=()),
    pip=replace(PIP, on_path="", enabling=None),
    tools=replace(TOOLS, developer_folder=None),
    variables=(),
    conda=(replace(CONDA, subdirs=()),),
    cache=replace(CACHE, judged=False),
)
