"""What workers can be told to do: fetch nothing but a number, call one function."""

from __future__ import annotations

from plugins_app.actions.run import run as run_asked
from plugins_app.drawing.draw import draw
from plugins_app.lifecycle import previewing
from plugins_app.operations.context import current_context
from plugins_app.operations.retention import tidy_up as tidy
from plugins_app.operations.run import run
from plugins_app.reconcile import folders
from plugins_app.store.documents import fetch_asked
from plugins_app.store.metadata import check_configured_token, refresh_metadata_if_due
from plugins_app.store.refresh import refresh_if_due


def run_operation(operation_id: int) -> None:
    """Run one operation; delivered twice, it happens once."""
    run(operation_id)


def refresh_registries() -> None:
    """Ask the registries that are due, and for the repository data that is."""
    refresh_if_due()
    refresh_metadata_if_due()


def check_token() -> None:
    """Ask GitHub what the token allows."""
    check_configured_token()


def fetch_documents(facts_id: int) -> None:
    """Fetch a plugin's own files for its page."""
    fetch_asked(facts_id)


def draw_previews() -> None:
    """Draw pictures of plugins that have none."""
    previewing.draw_due(current_context())


def draw_picture(drawing_id: int) -> None:
    """Draw one picture that a person waits for; told twice, it is drawn once."""
    draw(current_context(), drawing_id)


def run_action(run_id: int) -> None:
    """Run one action of a plugin; told twice, it runs once."""
    run_asked(current_context(), run_id)


def check_folders() -> None:
    """Look at the plugin folders."""
    folders.check_folders(current_context())


def tidy_up() -> None:
    """Forget what is old."""
    tidy(current_context())
