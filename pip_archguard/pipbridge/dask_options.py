"""`--dask`: the option by which a command hands its work to an executor."""

from __future__ import annotations

import optparse
from collections.abc import Iterator
from contextlib import closing, contextmanager

from pip_archguard.pipbridge.executors import Executor


@contextmanager
def named_executor(dask: str | None) -> Iterator[Executor | None]:
    """Give the executor that the options name, if they name one, and part with it in the end.

    Raises ClusterError if it is not to be had.
    """
    if not dask:
        yield None
        return
    from pip_archguard.pipbridge.dask_cluster import DaskCluster  # noqa: PLC0415 - an extra

    with closing(DaskCluster(dask)) as cluster:
        yield cluster


def add_dask(group: optparse.OptionGroup, work: str, needs: str) -> None:
    """Add `--dask`, for a command that hands its work to an executor; say what that needs."""
    group.add_option(
        "--dask",
        dest="dask",
        metavar="address",
        default=None,
        help=f"Have the workers of this Dask cluster {work}, such as tcp://scheduler:8786; "
        f"they must have pip-archguard{needs}.",
    )
