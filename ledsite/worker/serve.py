"""One queue process: recover, then work on its queues until SIGTERM."""

from __future__ import annotations

import logging
import os

from django.conf import settings
from django.db import connections
from django_q.conf import Conf

from ledsite.preparation.start_id import current_start_id
from ledsite.process import close_to_others
from ledsite.worker.guard import Guard, WorkerDied, write_beat
from ledsite.worker.leases import release_leases
from ledsite.worker.queues import QUEUES, queues_of
from plugins_app.operations.schedule import tick
from plugins_app.reconcile.start import on_worker_start

logger = logging.getLogger(__name__)


def serve(name: str) -> None:
    """Be a queue process to its end: with 1 when its worker was killed, for the supervisor to start it again."""
    close_to_others()
    take_name(name)
    run_dir = settings.LEDSITE.run_dir
    queues = queues_of(name, low_memory=settings.LEDSITE.low_memory)
    beat_file = run_dir / f"worker-{name}.json"
    write_beat(beat_file, serving=False)
    for queue in queues:
        release_leases(queue)
    on_worker_start(current_start_id(run_dir))
    connections.close_all()
    try:
        Guard(queues, run_dir=run_dir, beat_file=beat_file, tick=tick if name == QUEUES[0] else None).run()
    except WorkerDied as death:
        logger.error("Queue %s: %s; starting afresh.", name, death)
        _leave(1)
    _leave(0)


def take_name(queue: str) -> None:
    """Tell django-q2 which queue this process serves: in the environment for its children, and where it has read that already."""
    os.environ["Q_CLUSTER_NAME"] = queue
    Conf.CLUSTER_NAME = queue


def _leave(code: int) -> None:
    """End without multiprocessing's farewell, which waits for a child; the kernel ends it with us."""
    logging.shutdown()
    os._exit(code)
