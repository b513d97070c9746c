"""The version of greenai, in one place."""

__version__ = "0.1.0"
