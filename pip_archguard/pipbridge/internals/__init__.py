"""The only place that imports `pip._internal`; see `seams` for what it stands on."""
