"""Every member that plugins know of the objects they are given or import is there."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from display_app.runtime.base_plugin import BasePlugin
from display_app.runtime.cache import CacheManager
from display_app.runtime.canvas import DisplayManager
from display_app.runtime.config import ConfigManager
from display_app.runtime.fonts import FontManager
from display_app.runtime.plugin_manager import PluginManager
from display_app.runtime.spec import HostSpec
from display_app.toolkit.api_helper import APIHelper
from display_app.toolkit.background_data import BackgroundDataService, FetchRequest, FetchResult, FetchStatus
from display_app.toolkit.data_sources import ESPNDataSource
from display_app.toolkit.logo_downloader import LogoDownloader
from display_app.toolkit.logo_helper import LogoHelper
from display_app.toolkit.odds import BaseOddsManager
from display_app.toolkit.scroll_helper import ScrollHelper
from display_app.toolkit.team_resolver import DynamicTeamResolver
from display_app.toolkit.text_helper import TextHelper


class Plain(BasePlugin):
    def update(self) -> None: ...

    def display(self, force_clear: bool = False) -> None: ...


def spec(root: Path) -> HostSpec:
    return HostSpec(
        plugin_id="p", folder=root / "p", root=root, entry_point="manager.py", class_name="P", manifest={}, config={},
        width=64, height=32, cache_dir=root,
    )  # fmt: skip


def fonts(root: Path) -> FontManager:
    return FontManager(root, plugin_id="p", plugin_folder=root)


def canvas(root: Path) -> DisplayManager:
    return DisplayManager(64, 32, publish=lambda frame: None, fonts=fonts(root))


def config(root: Path) -> ConfigManager:
    return ConfigManager({}, plugin_id="p", section={}, width=64, height=32)


def cache(root: Path) -> CacheManager:
    return CacheManager(root, config_manager=config(root))


def manager(root: Path) -> PluginManager:
    return PluginManager(spec(root), canvas(root), cache(root), config(root), fonts(root))


MEMBERS: list[tuple[Callable[[Path], Any], str]] = [
    (
        lambda root: Plain("p", {}, None, None, None),
        """API_VERSION plugin_id config display_manager cache_manager plugin_manager logger enabled _vegas_render_width global_config
        update display validate_config cleanup on_config_change on_enable on_disable get_info get_display_duration
        supports_dynamic_duration get_dynamic_duration_cap is_cycle_complete reset_cycle_state has_live_priority has_live_content
        get_live_modes get_vegas_content get_vegas_content_type get_vegas_display_mode get_supported_vegas_modes
        get_vegas_segment_width get_vegas_render_width get_vegas_priority_weight _get_dynamic_duration_config
        draw_fit draw_image""",
    ),
    (
        canvas,
        """update_display image matrix clear draw_text width height small_font draw set_scrolling_state get_text_width
        process_deferred_updates get_font_height extra_small_font regular_font font bdf_5x7_font _draw_bdf_text calendar_font
        format_date_with_ordinal defer_update is_currently_scrolling set_brightness get_brightness cleanup get_scrolling_stats
        capture_mode render_size draw_sun draw_cloud draw_rain draw_snow draw_weather_icon draw_text_with_icons WEATHER_COLORS""",
    ),
    (
        cache,
        """get set config_manager clear_cache delete get_cached_data_with_strategy save_cache get_with_auto_strategy cache_dir
        get_cached_data update_cache load_cache get_cache_dir list_cache_files has_data_changed get_background_cached_data
        is_background_data_available generate_sport_cache_key get_cache_strategy get_data_type_from_key get_sport_live_interval
        record_cache_hit record_cache_miss record_fetch_time get_cache_metrics""",
    ),
    (
        manager,
        """font_manager config_manager get_plugin plugin_manifests plugins display_manager cache_manager plugins_dir get_all_plugins
        get_enabled_plugins get_plugin_info get_plugin_directory get_plugin_display_modes find_plugin_for_mode""",
    ),
    (config, "get_timezone get_display_config get_config load_config save_config get_secret config"),
    (
        fonts,
        "register_manager_font resolve_font get_font measure_text get_font_height get_available_fonts cache_generation",
    ),
    (
        lambda root: ScrollHelper(64, 32),
        """set_scroll_speed reset_scroll reset is_scroll_complete set_dynamic_duration_settings update_scroll_position
        get_visible_portion set_scroll_delay clear_cache get_dynamic_duration calculate_dynamic_duration set_frame_based_scrolling
        cached_image create_scrolling_image log_frame_rate total_scroll_width get_scroll_info calculated_duration set_target_fps
        target_fps frame_based_scrolling frame_time_target scroll_position set_scrolling_image cached_array scroll_speed
        total_distance_scrolled scroll_delay sub_pixel_scrolling set_sub_pixel_scrolling dynamic_duration_enabled min_duration
        max_duration duration_buffer scroll_complete is_scrolling scroll_start_time display_width display_height append_content
        drop_scrolled_prefix remaining_unscrolled""",
    ),
    (
        lambda root: LogoDownloader(),
        """get_logo_directory normalize_abbreviation get_logo_filename_variations ensure_logo_directory download_logo
        create_placeholder_logo download_missing_logo_for_team""",
    ),
    (
        lambda root: BackgroundDataService,
        """submit_fetch_request get_result is_request_complete get_request_status cancel_request get_statistics shutdown""",
    ),
    (
        lambda root: FetchResult("1", success=True),
        "request_id success data error cached fetch_time retry_count completed_at",
    ),
    (lambda root: FetchStatus, "PENDING IN_PROGRESS COMPLETED FAILED CANCELLED"),
    (
        lambda root: FetchRequest("1", "nfl", 2026, "https://example.org", "key"),
        "request_id sport year url cache_key params headers timeout max_retries priority callback status",
    ),
    (
        lambda root: LogoHelper(64, 32),
        "load_logo clear_cache load_logo_with_download get_logo_variations normalize_abbreviation get_cache_stats",
    ),
    (
        lambda root: APIHelper(),
        """session get post fetch_espn_scoreboard fetch_espn_standings fetch_espn_rankings set_cache get_cache clear_cache
        set_rate_limit get_request_stats""",
    ),
    (
        lambda root: TextHelper(),
        """load_fonts draw_text_with_outline get_text_width get_text_height get_text_dimensions center_text wrap_text
        draw_multiline_text create_text_image clear_font_cache""",
    ),
    (
        lambda root: BaseOddsManager(None),
        """cache_manager config_manager logger base_url session update_interval request_timeout cache_ttl get_odds get_odds_for_games
        is_odds_available format_odds_summary""",
    ),
    (lambda root: DynamicTeamResolver(), "resolve_teams request_timeout"),
    (
        lambda root: ESPNDataSource(None),
        "fetch_live_games fetch_schedule fetch_standings get_headers",
    ),
]


@pytest.mark.parametrize(("make", "names"), MEMBERS, ids=lambda value: " ".join(value.split()[:2]) if isinstance(value, str) else "")
def test_every_member_is_there(tmp_path: Path, make: Callable[[Path], Any], names: str) -> None:
    made = make(tmp_path)
    assert [name for name in names.split() if not hasattr(made, name)] == []


@pytest.mark.parametrize(
    ("function", "parameters"),
    [
        (BasePlugin.__init__, "plugin_id config display_manager cache_manager plugin_manager"),
        (DisplayManager.draw_text, "text x y color small_font font centered"),
        (DisplayManager._draw_bdf_text, "text x y color font"),
        (CacheManager.get, "key max_age memory_ttl"),
        (CacheManager.set, "key data ttl max_age"),
        (FontManager.register_manager_font, "manager_id element_key family size_px color"),
        (FontManager.resolve_font, "element_key family size_px plugin_id"),
        (ScrollHelper.create_scrolling_image, "content_items item_gap element_gap lead_gap"),
        (ScrollHelper.set_dynamic_duration_settings, "enabled min_duration max_duration buffer"),
        (LogoHelper.load_logo, "team_abbr logo_path max_width max_height"),
        (APIHelper.get, "url params headers timeout cache_key cache_ttl"),
        (BaseOddsManager.get_odds, "sport league event_id update_interval_seconds"),
        (
            BackgroundDataService.submit_fetch_request,
            "sport year url cache_key params headers timeout max_retries priority callback",
        ),
    ],
)
def test_parameters_have_the_names_and_the_order_that_plugins_use(function: Callable[..., Any], parameters: str) -> None:
    assert list(inspect.signature(function).parameters)[1:] == parameters.split()
