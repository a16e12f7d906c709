"""The words that users read, one entry for each remedy, obstacle and hint."""

from __future__ import annotations

from pip_archguard.model.outcome import Choice, Hint, Obstacle, Origin, Remedy
from pip_archguard.model.target import ROSETTA_ENDS_WITH, System, Target


def tick(name: str) -> str:
    """Quote a name that came from outside, with its control characters made visible."""
    return f"`{visible(name)}`"


def visible(text: str) -> str:
    """Return text that came from outside with its control characters made visible."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


def machine(target: Target) -> str:
    """Name a target the way its owner would, such as `macOS 14 arm64 (cp312)`."""
    name = "macOS" if target.system is System.MACOS else target.system.value
    version = ".".join(map(str, target.os_version)).removesuffix(".0")
    words = [name, version, str(target.arch), f"({target.python})" if target.python else ""]
    return " ".join(word for word in words if word)


def subject(origin: Origin, filename: str) -> str:
    """Name what was judged by where it came from."""
    name = tick(filename)
    match origin:
        case Origin.INDEX | Origin.DIRECT:
            return name
        case Origin.CACHE:
            return f"{name}, which pip built earlier and kept in its cache,"
        case Origin.INSTALLED:
            return f"{name}, which is installed already,"
        case Origin.BUILT:
            return f"{name}, built from source just now,"


def instead(remedy: Remedy, choice: Choice) -> str:
    """Say what is taken in the place of something refused."""
    name = tick(choice.filename)
    match remedy:
        case Remedy.OTHER_WHEEL:
            return f"{name}, another wheel of the same version, loads"
        case Remedy.BUILT:
            return f"{name}, built from source (as with `--no-binary {choice.project}`)"
        case Remedy.OTHER_VERSION:
            return f"{name}: {choice.project} {choice.release}, another version"
        case Remedy.REINSTALLED:
            return f"{name}, the same version, is installed in its place"


def stopped(obstacle: Obstacle, about: tuple[str, ...]) -> str:
    """Say why the guard ended the run."""
    names = ", ".join(map(tick, about))
    match obstacle:
        case Obstacle.POLICY:
            return f"{names} cannot load, and the policy is `fail`: no remedy was tried"
        case Obstacle.NOT_JUDGED:
            return f"{names} could not be judged, and the policy is `fail`"
        case Obstacle.DIRECT:
            return f"{names} was asked for by path or URL, so nothing may take its place"
        case Obstacle.BUILT:
            return f"{names}, built from source, cannot load either; pip's cache does not keep it"
        case Obstacle.CANNOT_BUILD_FOR:
            return f"a source build here does not yield {names}, so none was started"
        case Obstacle.TOO_MANY_VERSIONS:
            return f"so many versions of {names} were refused that older ones were not tried"


def hint(of: Hint) -> str:
    """Say what may have kept a rescue from working, and what would help."""
    match of:
        case Hint.ONLY_BINARY:
            return (
                "`--only-binary` forbids building from source; allow it for these packages "
                "on the command line, in the requirements file or in pip's configuration"
            )
        case Hint.REQUIRE_HASHES:
            return "hashes are required: a source build needs the `--hash` of the sdist too"


def routes(python: str) -> tuple[str, ...]:
    """Return commands for an x86_64 environment on an arm64 Mac, ready to paste."""
    return (
        f"conda:   CONDA_SUBDIR=osx-64 conda create --name x86 python={python}",
        f"Rosetta: arch -x86_64 python{python} -m venv x86  # ends after macOS {ROSETTA_ENDS_WITH}",
        f"Docker:  docker run --rm -it --platform linux/amd64 python:{python} bash",
    )
