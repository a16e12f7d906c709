"""Installed distributions, the interpreter and its start-up files, on disk."""

from typing import TYPE_CHECKING

from pip_archguard.lazily import from_parts

if TYPE_CHECKING:
    from pip_archguard.environment.conda_setup import conda_setups
    from pip_archguard.environment.enabling import (
        disable,
        enable,
        enabling_of,
        is_externally_managed,
        purelib,
    )
    from pip_archguard.environment.fallbacks import Question, optional_installed, optional_of
    from pip_archguard.environment.installed import read_installed
    from pip_archguard.environment.interpreter import (
        interpreter_archs,
        other_environment,
        tool_environment,
    )
    from pip_archguard.environment.loadable_file import file_that_links, look_at
    from pip_archguard.environment.named_file import (
        file_of_module,
        installed_release,
        is_here,
        owner_of,
    )
    from pip_archguard.environment.owners import Package
    from pip_archguard.environment.reading import Job, facts_of, read_job
    from pip_archguard.environment.running import own_archives, own_folders
    from pip_archguard.environment.shell_pip import pip_on_path
    from pip_archguard.environment.skipped import unpacks_itself
    from pip_archguard.environment.source_tree import files_built_since
    from pip_archguard.environment.state import state_of
    from pip_archguard.environment.survey import Survey, survey_of
    from pip_archguard.environment.toolchain import build_tools
else:
    __getattr__ = from_parts(
        __name__,
        toolchain=("build_tools",),
        conda_setup=("conda_setups",),
        enabling=("disable", "enable", "enabling_of", "is_externally_managed", "purelib"),
        fallbacks=("Question", "optional_installed", "optional_of"),
        installed=("read_installed",),
        interpreter=("interpreter_archs", "other_environment", "tool_environment"),
        loadable_file=("file_that_links", "look_at"),
        named_file=("file_of_module", "installed_release", "is_here", "owner_of"),
        shell_pip=("pip_on_path",),
        owners=("Package",),
        reading=("Job", "facts_of", "read_job"),
        running=("own_archives", "own_folders"),
        skipped=("unpacks_itself",),
        source_tree=("files_built_since",),
        state=("state_of",),
        survey=("Survey", "survey_of"),
    )

__all__ = [
    "Job",
    "Package",
    "Question",
    "Survey",
    "build_tools",
    "conda_setups",
    "disable",
    "enable",
    "enabling_of",
    "facts_of",
    "file_of_module",
    "file_that_links",
    "files_built_since",
    "installed_release",
    "interpreter_archs",
    "is_externally_managed",
    "is_here",
    "look_at",
    "optional_installed",
    "optional_of",
    "other_environment",
    "own_archives",
    "own_folders",
    "owner_of",
    "pip_on_path",
    "purelib",
    "read_installed",
    "read_job",
    "state_of",
    "survey_of",
    "tool_environment",
    "unpacks_itself",
]
