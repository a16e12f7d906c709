"""How much Python source of a hostile wheel is read and understood at most."""

from __future__ import annotations

KIB = 1024
MIB = 1024 * KIB

SOURCE_LENGTH = 4 * MIB
"""Bytes searched of one Python source; longer ones are generated tables."""

SOURCES = 48 * MIB
"""Bytes searched of all sources of a wheel, which only happens for few wheels."""

NAMED = 4096 * MIB
"""Bytes of all sources times names looked for in them: a second; real wheels have two names."""

PARSED_LENGTH = 1 * MIB
"""Bytes of a source that is parsed: its tree may take 600 times as much memory."""

PARSED = 8 * MIB
"""Bytes parsed for one wheel; only sources that mention a module that fails are."""

PIECES = 720_000
"""Commas, and statements times three, that are parsed for one wheel: some two seconds.

Source of nothing but `a;` takes ten times as long as ordinary source of its length, which
passes the bound on bytes first.
"""

PIECES_AT_ONCE = 100_000
"""The same for one source, whose tree takes some 600 bytes for each: 64 MiB."""

CHAINED = 50_000
"""Signs in a parsed source that may each nest an expression; a source of playwright has 42,659."""

STEPS = 10_000_000
"""Imports looked at for one wheel, again for each that fails; scikit-learn takes 1.5 million."""

SEARCHES = 512
"""Names searched for in all sources of a wheel; scikit-learn takes 261."""
