"""What ld.so, glibc's or musl's, would do with the ELF files of a wheel."""
