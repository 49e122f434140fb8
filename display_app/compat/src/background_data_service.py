"""Public import path of the background fetcher."""

from display_app.toolkit.background_data import (
    BackgroundDataService,
    FetchRequest,
    FetchResult,
    FetchStatus,
    get_background_service,
    shutdown_background_service,
)

__all__ = ["BackgroundDataService", "FetchRequest", "FetchResult", "FetchStatus", "get_background_service", "shutdown_background_service"]
