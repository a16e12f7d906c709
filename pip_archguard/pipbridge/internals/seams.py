"""The names and parameters of pip that the guard stands on, checked before it starts."""

from __future__ import annotations

import importlib
import inspect
from types import CodeType
from typing import Any

import pip
from pip._vendor.packaging.version import Version

from pip_archguard.errors import UnsupportedPipError

OLDEST = "22.3"
NEWEST_TRIED = "26.3"
"""The pips that the nox session `pips` runs the integration tests on lie between these."""

_FACTORY = "pip._internal.resolution.resolvelib.factory:Factory"
_RESOLVER = "pip._internal.resolution.resolvelib.resolver:Resolver"
_LEGACY = "pip._internal.resolution.legacy.resolver:Resolver"
_WHEEL = "pip._internal.commands.wheel"
_COMMAND = "pip._internal.cli.req_command:RequirementCommand"
_REQUIREMENT = "pip._internal.req.req_install:InstallRequirement"

# Module or module:class, which function, which parameters in this order (without `self`).
_SEAMS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (_COMMAND, "make_resolver", ("preparer", "finder", "options")),
    (_RESOLVER, "resolve", ("root_reqs", "check_supported_wheels")),
    (_RESOLVER, "get_installation_order", ("req_set",)),
    (_FACTORY, "_make_candidate_from_link", ("link", "extras", "template", "name", "version")),
    (_FACTORY, "_make_candidate_from_dist", ("dist", "extras", "template")),
    (_FACTORY, "get_dist_to_uninstall", ("candidate",)),
    (_LEGACY, "resolve", ("root_reqs", "check_supported_wheels")),
    (_LEGACY, "_get_dist_for", ("req",)),
    (
        "pip._internal.operations.prepare:RequirementPreparer",
        "prepare_linked_requirements_more",
        ("reqs",),
    ),
    ("pip._internal.models.link:Link", "__init__", ("url",)),
    ("pip._internal.models.link:Link", "as_hashes", ()),
    ("pip._internal.utils.hashes:Hashes", "is_hash_allowed", ("hash_name", "hex_digest")),
    ("pip._internal.utils.hashes:Hashes", "check_against_path", ("path",)),
    ("pip._internal.cli.cmdoptions", "make_target_python", ("options",)),
    ("pip._internal.models.format_control:FormatControl", "get_allowed_formats", ()),
    (_WHEEL, "build", ("requirements", "wheel_cache")),
    (_REQUIREMENT, "load_pyproject_toml", ()),
    (_COMMAND, "_build_package_finder", ("options", "session", "target_python")),
    (_COMMAND, "get_default_session", ("options",)),
    (
        "pip._internal.index.package_finder:PackageFinder",
        "find_best_candidate",
        ("project_name", "specifier", "hashes"),
    ),
)


# Where, and an attribute of the instances that one of its methods sets or reads.
_ATTRIBUTES: tuple[tuple[str, str, str], ...] = (
    (_RESOLVER, "resolve", "_result"),
    (_FACTORY, "__init__", "_installed_dists"),
    (_FACTORY, "__init__", "_link_candidate_cache"),
    (_REQUIREMENT, "__init__", "hash_options"),
    (_REQUIREMENT, "__init__", "pep517_backend"),
    (_REQUIREMENT, "__init__", "pyproject_requires"),
    ("pip._internal.operations.prepare:RequirementPreparer", "__init__", "require_hashes"),
    ("pip._internal.operations.prepare:RequirementPreparer", "__init__", "_session"),
)

_SCAN_SEAMS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (_COMMAND, "get_requirements", ("args", "options", "finder", "session")),
    (
        _COMMAND,
        "_build_package_finder",
        ("options", "session", "target_python", "ignore_requires_python"),
    ),
    (_COMMAND, "get_default_session", ("options",)),
    (_REQUIREMENT, "match_markers", ()),
    (_REQUIREMENT, "hashes", ("trust_internet",)),
    (
        "pip._internal.index.package_finder:PackageFinder",
        "find_best_candidate",
        ("project_name", "specifier", "hashes"),
    ),
    ("pip._internal.models.link:Link", "as_hashes", ()),
    ("pip._internal.utils.hashes:Hashes", "check_against_path", ("path",)),
    ("pip._internal.network.utils", "raise_for_status", ("resp",)),
    ("pip._internal.network.utils", "response_chunks", ("response",)),
    ("pip._internal.cli.cmdoptions", "make_target_python", ("options",)),
    ("pip._internal.cli.cmdoptions", "add_target_python_options", ("cmd_opts",)),
    ("pip._internal.cli.cmdoptions", "make_option_group", ("group", "parser")),
)


_PREPARER = "pip._internal.operations.prepare:RequirementPreparer"
_COVERAGE_SEAMS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    *_SCAN_SEAMS,
    (_COMMAND, "make_resolver", ("preparer", "finder", "options")),
    (_RESOLVER, "resolve", ("root_reqs", "check_supported_wheels")),
    (_FACTORY, "_make_candidate_from_link", ("link", "extras", "template", "name", "version")),
    (_PREPARER, "prepare_linked_requirement", ("req", "parallel_builds")),
    (_PREPARER, "prepare_editable_requirement", ("req",)),
    (_PREPARER, "prepare_linked_requirements_more", ("reqs",)),
    (_PREPARER, "_fetch_metadata_using_lazy_wheel", ("link",)),
    (_PREPARER, "_get_linked_req_hashes", ("req",)),
    ("pip._internal.models.link:Link", "metadata_link", ()),
    ("pip._internal.models.link:Link", "as_hashes", ()),
    ("pip._internal.operations.prepare", "get_http_url", ("link", "download")),
    ("pip._internal.operations.prepare", "get_file_url", ("link",)),
    ("pip._internal.operations.prepare", "unpack_vcs_link", ("link", "location", "verbosity")),
    (
        "pip._internal.metadata",
        "get_metadata_distribution",
        ("metadata_contents", "filename", "canonical_name"),
    ),
    ("pip._internal.index.package_finder:LinkEvaluator", "evaluate_link", ("link",)),
    ("pip._internal.index.package_finder:PackageFinder", "make_link_evaluator", ("project_name",)),
    ("pip._vendor.packaging.markers", "default_environment", ()),
    ("pip._internal.index.collector", "build_source", ("location",)),
    ("pip._internal.index.collector", "_get_simple_response", ("url", "session")),
    ("pip._internal.utils.filesystem", "check_path_owner", ("path",)),
)


def check_seams(*, legacy: bool = True, wheel: bool = True) -> None:
    """Raise UnsupportedPipError unless this pip has all that the guard uses.

    What only the legacy resolver or `pip wheel` take is looked at if they are to run.
    """
    idle = {place for place, used in ((_LEGACY, legacy), (_WHEEL, wheel)) if not used}
    _check(tuple(seam for seam in _SEAMS if seam[0] not in idle))
    for place, method, attribute in _ATTRIBUTES:
        if attribute not in _code(place, method).co_names:
            raise _unsupported(pip.__version__, f"`{place}` has no `{attribute}`")


def check_scan_seams() -> None:
    """Raise UnsupportedPipError unless this pip has all that `scan` uses."""
    _check(_SCAN_SEAMS)


def check_coverage_seams() -> None:
    """Raise UnsupportedPipError unless this pip has all that `coverage` uses."""
    _check(_COVERAGE_SEAMS)


def _check(seams: tuple[tuple[str, str, tuple[str, ...]], ...]) -> None:
    if Version(pip.__version__) < Version(OLDEST):
        raise _unsupported(pip.__version__, f"pip {OLDEST} or newer is needed")
    for place, attribute, parameters in seams:
        # Each guarded run does this, and `inspect.signature` takes ten times as long.
        code = _code(place, attribute)
        found = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
        named = tuple(name for name in found if name not in ("self", "cls"))
        if named[: len(parameters)] != parameters:
            raise _unsupported(pip.__version__, f"`{place}.{attribute}` takes other parameters")


def _code(place: str, name: str) -> CodeType:
    module_name, _, class_name = place.partition(":")
    try:
        module: Any = importlib.import_module(module_name)
        function = getattr(getattr(module, class_name) if class_name else module, name)
        code: CodeType = inspect.unwrap(function).__code__
    except (ImportError, AttributeError) as error:
        raise _unsupported(pip.__version__, f"`{place}.{name}` is gone") from error
    return code


def _unsupported(version: str, why: str) -> UnsupportedPipError:
    return UnsupportedPipError(
        f"pip {version} cannot be guarded: {why}",
        hint=f"install one that was tried: `pip install 'pip>={OLDEST},<={NEWEST_TRIED}'`",
    )
