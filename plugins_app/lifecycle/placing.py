"""What follows every commit that switches generations: place the tree, tell a person what was in the way, collect, end."""

from __future__ import annotations

from plugins_app.installer.collect import collect
from plugins_app.installer.place import place
from plugins_app.lifecycle.rows import kept_generations
from plugins_app.models import Issue
from plugins_app.operations.job import Job
from plugins_app.package.paths import PluginPaths


def place_and_end(job: Job, *, carry: bool) -> None:
    """Make the committed generation live; repeated after a kill it goes on where it stood."""
    placed = place(job.context.paths, job.plugin_id, job.journal["generation"], carry=carry)
    report_aside(job.plugin_id, [str(path) for path in placed.aside])
    if placed.left_behind:
        job.warn(f"These files of the plugin could not be carried over: {', '.join(placed.left_behind)[:500]}")
    tidy(job)
    job.succeed()


def tidy(job: Job) -> None:
    """Collect what no row needs any more."""
    report_undeletable(job.context.paths, job.plugin_id)


def report_undeletable(paths: PluginPaths, plugin_id: str) -> None:
    """Collect the garbage of a plugin; what cannot be deleted is an issue, not an error."""
    left = collect(paths, plugin_id, keep=kept_generations(plugin_id))
    if left:
        Issue.report(
            "undeletable",
            plugin_id,
            f"{len(left)} folders of removed files cannot be deleted.",
            hint=f"Delete what is in {paths.trash} as the user who owns it.",
        )
    else:
        Issue.resolve("undeletable", plugin_id)


def report_aside(plugin_id: str, aside: list[str]) -> None:
    """Tell that something which is not ours stood in the way and was kept."""
    if aside:
        Issue.report(
            "moved-aside",
            plugin_id,
            f"Files that are not of {plugin_id} stood in its place and were moved aside.",
            hint=f"Look through {', '.join(aside)[:500]} and delete it when it is not needed.",
        )
