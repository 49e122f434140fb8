"""What the processes do first, done once in `up` before they are forked: what it imports and builds is shared by all of them.

On a Pi that saves memory and, at every start and restart of a process, most of the seconds.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import io
import logging
import sys
from collections.abc import Callable, Iterable
from typing import Any

from django.contrib.auth.models import User
from django.core.handlers.wsgi import WSGIRequest
from django.db import DatabaseError, connections
from django.urls import resolve
from django_q.brokers import get_broker
from django_q.models import OrmQ
from rest_framework.exceptions import AuthenticationFailed

from ledsite.process import give_back_memory
from plugins_app.api.authentication import CachedTokenAuthentication

ROUNDS = 20
MODULES = (
    "display_app.director.run",
    "django.contrib.messages.storage.cookie",
    "django.contrib.messages.storage.session",
    "gunicorn.arbiter",
    "gunicorn.http.wsgi",
    "gunicorn.workers.gthread",
    "ledsite.slow_clients",
    "plugins_app.tasks",
)
LISTS = ("/api/v3/plugins/installed", "/api/v3/plugins/store/list")
ADDRESSES = ("/api/v3/health", *LISTS, "/admin/login/")

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def warm_up(application: Application) -> None:
    """Load, ask and look up once, then leave memory as it should be forked: nothing open, nothing freed and not given back."""
    for name in MODULES:
        importlib.import_module(name)
    logging.disable(logging.WARNING)  # who asks here has no login
    for address in ADDRESSES:
        _ask(application, address)
    logging.disable(logging.NOTSET)
    _answer_lists()
    broker = get_broker()
    for _ in range(ROUNDS):  # often enough for the interpreter to tune what every process does again and again
        broker.queue_size()
        list(OrmQ.objects.filter(key="")[:1])
    connections.close_all()  # no open database may be carried over a fork
    gc.collect()
    give_back_memory()
    gc.freeze()


def warm_up_web() -> None:
    """Answer once in the process that serves: whatever it touches first after the fork is copied, which costs more than an answer."""
    with contextlib.suppress(DatabaseError):  # it serves all the same, and its pages say what is wrong
        _answer_lists()
    connections.close_all()


def _ask(application: Application, address: str) -> None:
    """Ask the site for one page, as a browser without a login on this machine would."""
    answer = application(_question(address), lambda *_: None)
    for _ in answer:
        pass
    if hasattr(answer, "close"):
        answer.close()


def _answer_lists() -> None:
    """Have the lists answered for somebody who may see them and is nobody in the database: their bytes are kept."""
    with contextlib.suppress(AuthenticationFailed):
        CachedTokenAuthentication().authenticate_credentials("")
    for address in LISTS:
        request = WSGIRequest(_question(address))
        request.user = User(is_superuser=True)
        resolve(address).func(request)


def _question(address: str) -> dict[str, Any]:
    return {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": address,
        "QUERY_STRING": "",
        "HTTP_HOST": "localhost",
        "HTTP_ACCEPT": "application/json, text/html",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.url_scheme": "http",
    }
