"""What Windows, and CPython on it, would do with the PE files of a wheel."""
