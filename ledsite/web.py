"""The web process: gunicorn with one worker of 16 threads on a socket that was opened before."""

from __future__ import annotations

import os
import signal
from types import FrameType
from typing import Any

from gunicorn.app.base import BaseApplication

from display_app.preview import viewers
from ledsite.process import close_to_others, die_with_parent
from ledsite.warmup import warm_up_web

THREADS = 16
CONNECTIONS = 400  # a silent one costs a descriptor, no thread
GRACEFUL_SECONDS = 2  # what requests under way get; live streams end at once


class Web(BaseApplication):
    """Gunicorn told in Python what its configuration file would say."""

    def __init__(self, descriptor: int, application: Any) -> None:
        self._descriptor = descriptor
        self._application = application
        super().__init__()

    def load_config(self) -> None:
        """Set what differs from gunicorn's defaults."""
        options: dict[str, Any] = {
            "bind": f"fd://{self._descriptor}",
            "worker_class": "ledsite.slow_clients.PatientWorker",
            "workers": 1,
            "threads": THREADS,
            "worker_connections": CONNECTIONS,
            "preload_app": True,
            "graceful_timeout": GRACEFUL_SECONDS,
            "keepalive": 15,
            "worker_tmp_dir": "/dev/shm" if os.access("/dev/shm", os.W_OK) else None,
            "control_socket_disable": True,
            "loglevel": "warning",
            "proc_name": "ledsite web",
            "post_fork": _after_fork,
            "post_worker_init": _get_ready,
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """Return the site, loaded before the worker is forked: a crashed worker is replaced in milliseconds."""
        return self._application


def serve(descriptor: int, application: Any) -> None:
    """Serve a WSGI application on an inherited listening socket until SIGTERM."""
    close_to_others()
    Web(descriptor, application).run()


def _after_fork(server: Any, worker: Any) -> None:
    die_with_parent(worker.ppid, by=signal.SIGKILL)
    close_to_others()


def _get_ready(worker: Any) -> None:
    warm_up_web()
    _end_streams_first()


def _end_streams_first() -> None:
    """On SIGTERM end the live pictures, then do what gunicorn does: it would wait for them."""
    go_on = signal.getsignal(signal.SIGTERM)

    def stop(number: int, frame: FrameType | None) -> None:
        viewers.stop()
        if callable(go_on):
            go_on(number, frame)

    signal.signal(signal.SIGTERM, stop)
