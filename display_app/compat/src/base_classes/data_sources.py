"""Public import path of data sources for sports."""

from display_app.toolkit.data_sources import ESPNDataSource

__all__ = ["ESPNDataSource"]
