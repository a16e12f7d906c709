"""The words of the domain: frozen data, no I/O."""
