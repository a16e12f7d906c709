"""Files that say what is needed: locks, and the `[project]` table."""
