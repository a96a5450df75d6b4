"""The version of modelwright."""

__version__ = "0.1.0"
