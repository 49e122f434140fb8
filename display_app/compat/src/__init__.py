"""The package that public plugins import from; `__version__` is the level of the plugin interface, not of this product."""

__version__ = "3.2.0"
