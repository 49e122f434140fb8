"""What the processes do first, done once in `up` before they are forked: what it imports and builds is shared by all of them.

On a Pi that saves memory and, at every start and restart of a process, most of the seconds.
"""

from __future__ import annotations

import gc
import importlib
import io
import logging
import sys
from collections.abc import Callable, Iterable
from typing import Any

from django.db import connections
from django_q.brokers import get_broker
from django_q.models import OrmQ

from ledsite.process import give_back_memory
from plugins_app.lifecycle import listing
from plugins_app.store import catalogue

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
ADDRESSES = ("/api/v3/health", "/api/v3/plugins/installed", "/api/v3/plugins/store/list", "/admin/login/")

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def warm_up(application: Application) -> None:
    """Load, ask and look up once, then leave memory as it should be forked: nothing open, nothing freed and not given back."""
    for name in MODULES:
        importlib.import_module(name)
    logging.disable(logging.WARNING)  # who asks here has no login
    for address in ADDRESSES:
        _ask(application, address)
    logging.disable(logging.NOTSET)
    catalogue.browse()
    listing.look(refresh=False).rows()
    broker = get_broker()
    for _ in range(ROUNDS):  # often enough for the interpreter to tune what every process does again and again
        broker.queue_size()
        list(OrmQ.objects.filter(key="")[:1])
    connections.close_all()  # no open database may be carried over a fork
    gc.collect()
    give_back_memory()
    gc.freeze()


def _ask(application: Application, address: str) -> None:
    """Ask the site for one page, as a browser without a login on this machine would."""
    question = {
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
    answer = application(question, lambda *_: None)
    for _ in answer:
        pass
    if hasattr(answer, "close"):
        answer.close()
