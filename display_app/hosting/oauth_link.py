"""The first step of a login: the address that a person has to open, as a script's functions say it (contract 2.4)."""

from __future__ import annotations

import importlib
import importlib.util
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

NAME = "plugin_action"
MISSING = "The credentials are missing. Fill them in above, save, then try again."


def print_link(script: Path) -> bool:
    """Load a script as a module and print the address as JSON; False when it has no function for that, and has to be run."""
    module = _load(script)
    if callable(ask := getattr(module, "get_auth_url", None)):
        answer = _answer(ask())
    elif callable(read := getattr(module, "load_spotify_credentials", None)):
        answer = _spotify(vars(module), read())
    else:
        return False
    print(json.dumps(answer), flush=True)  # noqa: T201 - this is the answer
    if answer["status"] == "error":
        raise SystemExit(1)
    return True


def _load(script: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(NAME, script)
    if spec is None or spec.loader is None:
        raise ImportError(f"{script.name} is not a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[NAME] = module
    spec.loader.exec_module(module)
    return module


def _answer(said: Any) -> dict[str, Any]:
    """Return what a script answered as an object: an address, or one with more beside it."""
    found = said[0] if isinstance(said, tuple) and said else said
    if isinstance(found, Mapping):
        return {"status": "success", **found, "requires_step2": True}
    if not isinstance(found, str) or not found:
        return {"status": "error", "message": MISSING}
    return {"status": "success", "auth_url": found, "requires_step2": True}


def _spotify(names: Mapping[str, Any], credentials: Any) -> dict[str, Any]:
    """Ask spotipy, which such plugins bring along, for the address."""
    if not isinstance(credentials, tuple) or len(credentials) != 3 or not all(credentials):
        return {"status": "error", "message": MISSING}
    client_id, client_secret, redirect_uri = credentials
    oauth = importlib.import_module("spotipy.oauth2").SpotifyOAuth(
        client_id=client_id,
        client_secret=client_secret,
        redirect_uri=redirect_uri,
        scope=names.get("SCOPE"),
        cache_path=names.get("SPOTIFY_AUTH_CACHE_PATH"),
        open_browser=False,
    )
    return _answer(oauth.get_authorize_url())
