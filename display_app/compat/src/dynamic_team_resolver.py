"""Public import path of the resolver of team names."""

from display_app.toolkit.team_resolver import DynamicTeamResolver

__all__ = ["DynamicTeamResolver"]
