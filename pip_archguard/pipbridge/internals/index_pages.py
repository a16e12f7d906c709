"""Indexes that do not answer: pip passes over them as if they had nothing."""

from __future__ import annotations

from typing import Any

from pip_archguard.pipbridge.internals.fetching import FAILURES

_GONE = (404, 410)
_LEAST_ERROR = 400
_PAGE = "text/html"
"""pip accepts this where it asks for a page of an index, and for no file."""


class IndexPages:
    """Watches pip's session for pages of indexes that could not be had."""

    def __init__(self, session: Any) -> None:
        self.unreachable = False
        """Whether some index could not be asked; one that has no such page was."""
        self._request = session.request
        session.request = self._watched

    def _watched(self, *args: Any, **kwargs: Any) -> Any:
        page = _PAGE in str((kwargs.get("headers") or {}).get("Accept", ""))
        try:
            response = self._request(*args, **kwargs)
        except FAILURES:
            self.unreachable |= page
            raise
        status = response.status_code
        self.unreachable |= page and status >= _LEAST_ERROR and status not in _GONE
        return response
