"""Plan the renewal of old residential neighbourhoods, area by area."""

__version__ = "0.1.0"
