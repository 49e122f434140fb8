"""One queue process: recover, then work on a queue until SIGTERM."""

from __future__ import annotations

import logging
import os

from django.conf import settings
from django.db import connections
from django_q.conf import Conf

from ledsite.preparation.start_id import current_start_id
from ledsite.process import close_to_others
from ledsite.worker.guard import ChildDied, Guard, write_beat
from ledsite.worker.leases import release_leases
from plugins_app.operations.schedule import tick
from plugins_app.reconcile.start import on_worker_start

QUEUES = ("main", "slow")
logger = logging.getLogger(__name__)


def serve(queue: str) -> None:
    """Serve a queue and end the process: with 1 when one of its processes died, for the supervisor to start it again."""
    close_to_others()
    take_name(queue)
    beat_file = settings.LEDSITE.run_dir / f"worker-{queue}.json"
    write_beat(beat_file, serving=False)
    release_leases(queue)
    on_worker_start(current_start_id(settings.LEDSITE.run_dir))
    connections.close_all()
    try:
        Guard(beat_file=beat_file, tick=tick if queue == QUEUES[0] else None).start()
    except ChildDied as death:
        logger.error("Queue %s: %s; starting afresh.", queue, death)
        _leave(1)
    _leave(0)


def take_name(queue: str) -> None:
    """Tell django-q2 which queue this process serves: in the environment for its children, and where it has read that already."""
    os.environ["Q_CLUSTER_NAME"] = queue
    Conf.CLUSTER_NAME = queue


def _leave(code: int) -> None:
    """End without multiprocessing's farewell, which waits for children; the kernel ends them with us."""
    logging.shutdown()
    os._exit(code)
