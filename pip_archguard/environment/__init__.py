"""Installed distributions, the interpreter and its start-up files, on disk."""

from typing import TYPE_CHECKING

from pip_archguard.lazily import from_parts

if TYPE_CHECKING:
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
    from pip_archguard.environment.owners import Package
    from pip_archguard.environment.reading import Job, read_job
    from pip_archguard.environment.running import own_archives, own_folders
    from pip_archguard.environment.skipped import unpacks_itself
    from pip_archguard.environment.source_tree import files_built_since
    from pip_archguard.environment.survey import Survey, survey_of
else:
    __getattr__ = from_parts(
        __name__,
        enabling=("disable", "enable", "enabling_of", "is_externally_managed", "purelib"),
        fallbacks=("Question", "optional_installed", "optional_of"),
        installed=("read_installed",),
        interpreter=("interpreter_archs", "other_environment", "tool_environment"),
        owners=("Package",),
        reading=("Job", "read_job"),
        running=("own_archives", "own_folders"),
        skipped=("unpacks_itself",),
        source_tree=("files_built_since",),
        survey=("Survey", "survey_of"),
    )

__all__ = [
    "Job",
    "Package",
    "Question",
    "Survey",
    "disable",
    "enable",
    "enabling_of",
    "files_built_since",
    "interpreter_archs",
    "is_externally_managed",
    "optional_installed",
    "optional_of",
    "other_environment",
    "own_archives",
    "own_folders",
    "purelib",
    "read_installed",
    "read_job",
    "survey_of",
    "tool_environment",
    "unpacks_itself",
]
