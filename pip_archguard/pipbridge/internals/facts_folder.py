"""Where the facts of wheels are kept: beside pip's own cache, and only where pip has one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

_NAME = "pip-archguard"


def facts_folder(options: Any) -> Path | None:
    """Return the folder of the facts cache, None where there shall be none.

    pip clears `cache_dir` for `--no-cache-dir`, and where the folder is another user's, as
    with sudo. A `--cache-dir` of the user's holds ours, too; else it is in the platform's
    folder for caches, which pip asks its own copy of platformdirs for.
    """
    if not options.cache_dir:
        return None
    try:
        from pip._internal.locations import USER_CACHE_DIR  # noqa: PLC0415 - see below
        from pip._internal.utils.appdirs import user_cache_dir  # noqa: PLC0415
        from pip._internal.utils.filesystem import check_path_owner  # noqa: PLC0415
        from pip._internal.utils.misc import normalize_path  # noqa: PLC0415
    except ImportError:  # a later pip may lack them: none of these is worth to stop for
        return None
    is_default = options.cache_dir == normalize_path(USER_CACHE_DIR)
    base = Path(user_cache_dir(_NAME)) if is_default else Path(options.cache_dir, _NAME)
    # Without a home folder the name begins with `~`.
    return base / "facts" if base.is_absolute() and check_path_owner(str(base)) else None
