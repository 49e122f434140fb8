"""Public import path of the logo downloader."""

from display_app.toolkit.logo_downloader import LogoDownloader, download_missing_logo, get_soccer_league_key

__all__ = ["LogoDownloader", "download_missing_logo", "get_soccer_league_key"]
