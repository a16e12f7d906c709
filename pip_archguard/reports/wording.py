"""The words that users read, one entry for each remedy, obstacle and hint."""

from __future__ import annotations

import re

from pip_archguard.model.choice import Choice, Remedy
from pip_archguard.model.failure import Held, Loading, Rule
from pip_archguard.model.outcome import Obstacle, Origin
from pip_archguard.model.target import ROSETTA_ENDS_WITH

# actions/runner, ActionCommand.cs: TryParseV2 and TryParse.
_COMMAND = re.compile(r"^ *:(?=:)|#(?=#\[)")
_OWN_LINES = re.compile(r"\n(?=  )")


def tick(name: str) -> str:
    """Quote a name that came from outside, with its control characters made visible."""
    return f"`{visible(name)}`"


def visible(text: str) -> str:
    """Return text that came from outside with its control characters made visible.

    Nothing is left in it that a runner of GitHub takes for a command, at the start of a
    line or (the older form) anywhere in it.
    """
    shown = "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)
    return _COMMAND.sub(lambda match: f"{match[0][:-1]}\\x{ord(match[0][-1]):x}", shown)


def lines(text: str) -> str:
    """Return text of ours with names in it, as `visible` does; its own lines are indented."""
    return "\n".join(map(visible, _OWN_LINES.split(text)))


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
        case Remedy.FUSED:
            halves = " and ".join(tick(half.filename) for half in choice.fused_of)
            return f"{name}, fused of {halves}"
        case Remedy.BUILT:
            return f"{name}, built from source (as with `--no-binary {visible(choice.project)}`)"
        case Remedy.OTHER_VERSION:
            return f"{name}: {visible(f'{choice.project} {choice.release}')}, another version"
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


def held(of: Held) -> str:
    """Say which rule of the user's kept a rescue from working, and what would satisfy it."""
    project, said = tick(of.project), f"`--{of.rule.value}`"
    where = tick(of.said_in) if of.said_in else "a requirements file or pip's configuration"
    if not of.said_in.startswith("--"):
        said += f" ({where})"
    needed = " ".join(of.needed)
    match of.rule:
        case Rule.ONLY_BINARY:
            return f"{said} forbids building {project} from its source, {tick(needed)}"
        case Rule.REQUIRE_HASHES if of.needed[1:]:
            file, *lines = of.needed
            return (
                f"hashes are required; to allow {tick(file)}, add to the line of {project}:\n"
                f"  {visible(' '.join(lines))}"
            )
        case Rule.REQUIRE_HASHES:
            return (
                f"hashes are required, and the index gives none for {tick(needed)}: download it, "
                f"and `pip hash` tells the one to add to the line of {project}"
            )
        case Rule.NO_INDEX:
            return (
                f"{said} leaves no source of {project}: put the sdist of {tick(needed)} "
                "beside the wheels"
            )
        case Rule.NO_BUILD_ISOLATION:
            return f"{said} builds {project} with what is installed: it needs {tick(needed)}"


def loading(of: Loading) -> str:
    """Say which other version has a wheel that loads, and how to get it."""
    pin = f"{of.project}=={of.release}"
    if not of.against:
        how = f"`--only-binary {visible(of.project)}` takes the newest such version"
        if not of.by_option:
            how = "ask for that version"
        return f"{tick(pin)} has a wheel that loads: {how}, if nothing requires another"
    against = " and ".join(map(tick, of.against))
    return f"{tick(pin)} has a wheel that loads, but {against} excludes it"


def routes(python: str, asked: str) -> tuple[str, ...]:
    """Return commands for an x86_64 environment on an arm64 Mac, ready to paste."""
    what = f" {visible(asked)}" if asked else ""
    return (
        f"pip-archguard route conda{what}  # CONDA_SUBDIR=osx-64, python={python}",
        f"pip-archguard route rosetta{what}  # arch -x86_64; ends after macOS {ROSETTA_ENDS_WITH}",
        f"pip-archguard route docker{what}  # docker --platform linux/amd64 python:{python}",
    )
