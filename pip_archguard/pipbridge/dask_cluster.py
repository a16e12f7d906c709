"""The workers of a Dask cluster, which an organisation has for work on many machines.

Dask's `distributed` is an extra, imported when a cluster is asked for and not before.
"""

from __future__ import annotations

import importlib
import logging
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from functools import partial
from typing import Any, TypeVar

from pip_archguard import __version__
from pip_archguard.errors import ClusterError
from pip_archguard.pipbridge.executors import Undone
from pip_archguard.pipbridge.processes import AHEAD, in_window

_CONNECTING = 15.0
"""Seconds to wait for a scheduler, and then for its first worker."""

_LOOK = 2.0
"""Seconds after which it is looked whether there is a worker still."""

_WITHOUT_WORKERS = 30.0
"""Seconds for which a cluster may be without any; a manager starts others in that time."""

_RETRIES = 2
"""How often Dask gives an input that failed to another worker. One whose worker died goes
to the next anyway (`distributed.scheduler.allowed-failures`)."""

_In = TypeVar("_In")
_Out = TypeVar("_Out")


class _LostError(Exception):
    """Nothing more is to be had of the cluster."""


class DaskCluster:
    """A cluster that runs already; close it in the end, and it goes on without us."""

    def __init__(self, address: str) -> None:
        """Raise ClusterError if it is not there, or if a worker cannot do our work."""
        self._distributed = _distributed()
        try:
            self._client = self._distributed.Client(
                address, timeout=_CONNECTING, set_as_default=False
            )
        except (OSError, ValueError, TypeError) as error:
            msg = f"no scheduler of Dask answers at `{address}`"
            hint = "name it as its own log does, such as `--dask tcp://scheduler:8786`"
            raise ClusterError(msg, hint=hint) from error
        try:
            self._check_workers(address)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Part with the cluster; what is under way there is given up."""
        self._client.close(timeout=_LOOK)

    def carry_out(
        self, work: Callable[[_In], _Out], inputs: Sequence[_In]
    ) -> Iterator[_Out | Undone]:
        """Have the workers do it, until there are none left for a while."""
        submit = partial(self._client.submit, work, retries=_RETRIES, pure=False)
        window = AHEAD * max(1, sum(w["nthreads"] for w in self._workers().values()))
        try:
            yield from in_window(submit, self._result, inputs, window)
        except _LostError:
            return

    def _result(self, future: Any) -> Any:
        """Wait for a job; raise _LostError where there is nobody to do it.

        One that is done has to be done anew if its worker died before the result was fetched.
        """
        alone_since: float | None = None
        while True:
            try:
                return future.result(timeout=_LOOK)
            except CancelledError as error:  # the scheduler is gone
                raise _LostError from error
            except Exception:  # noqa: BLE001 - the work's own, or what Dask says of it
                if future.status == "error":
                    return Undone.LEFT
            # Not done in time; or its worker died, and then there may be no other.
            if self._workers():
                alone_since = None
                continue
            alone_since = alone_since or time.monotonic()
            if time.monotonic() - alone_since > _WITHOUT_WORKERS:
                raise _LostError

    def _workers(self) -> dict[str, Any]:
        try:
            found: dict[str, Any] = self._client.scheduler_info(n_workers=-1)["workers"]
        except OSError:  # the scheduler is gone, perhaps to come back
            return {}
        return found

    def _check_workers(self, address: str) -> None:
        try:
            self._client.wait_for_workers(1, timeout=_CONNECTING)
        except (TimeoutError, self._distributed.TimeoutError) as error:
            msg = f"the Dask cluster at `{address}` has no workers"
            raise ClusterError(msg, hint="start some: `dask worker ADDRESS`") from error
        versions = self._client.run(_asker(), on_error="return")
        for worker, version in versions.items():
            if version != _own_version():
                found = f"has {version}" if isinstance(version, str) else "has no pip-archguard"
                msg = f"the worker `{worker}` of the Dask cluster {found}, and not {_own_version()}"
                raise ClusterError(msg, hint="install the same on each worker, and here")


def _own_version() -> str:
    return f"pip-archguard {__version__} on Python {sys.version_info[0]}.{sys.version_info[1]}"


def _asker() -> Callable[[], str]:
    """Return what tells the version there; it is sent as it stands, for it may not be there."""

    def ask() -> str:
        import sys  # noqa: PLC0415 - this runs elsewhere

        from pip_archguard import __version__  # noqa: PLC0415 - as above

        major, minor, *_ = sys.version_info
        return f"pip-archguard {__version__} on Python {major}.{minor}"

    return ask


def _distributed() -> Any:
    try:
        distributed = importlib.import_module("distributed")
    except ImportError as error:
        msg = "`--dask` needs Dask's `distributed`, which is not installed"
        raise ClusterError(msg, hint="`pip install 'pip-archguard[dask]'` brings it") from error
    # What it logs, of connections that end and the like, is told by what comes of the scan.
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    return distributed
