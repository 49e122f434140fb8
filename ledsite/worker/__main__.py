"""`python -m ledsite.worker main|slow`: recover, then serve one queue until SIGTERM."""

from __future__ import annotations

import argparse
import gc
import logging
import os
import sys

from ledsite.process import close_to_others

QUEUES = ("main", "slow")
logger = logging.getLogger("ledsite.worker")


def main() -> None:
    """Serve the queue that the command line names; exit with 1 when a process of it died, for the supervisor to start it again."""
    parser = argparse.ArgumentParser(prog="ledsite.worker")
    parser.add_argument("queue", choices=QUEUES)
    queue = parser.parse_args().queue
    close_to_others()
    set_up_django(queue)
    serve(queue)


def set_up_django(queue: str) -> None:
    """Load Django with the queue's name in the environment, the only place where django-q2 looks for it."""
    os.environ["Q_CLUSTER_NAME"] = queue
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ledsite.settings")
    import django

    django.setup()


def serve(queue: str) -> None:
    """Release what a killed predecessor had taken, recover, and work."""
    from django.conf import settings
    from django.db import connections

    from ledsite.preparation.database import is_migrated
    from ledsite.preparation.start_id import current_start_id
    from ledsite.worker.guard import ChildDied, Guard, write_beat
    from ledsite.worker.leases import release_leases
    from plugins_app.operations.schedule import tick
    from plugins_app.reconcile.start import on_worker_start

    run_dir = settings.LEDSITE.run_dir
    beat_file = run_dir / f"worker-{queue}.json"
    if not is_migrated():
        sys.exit("The database is not ready for this version: run `manage.py up`.")
    write_beat(beat_file, serving=False)
    release_leases(queue)
    on_worker_start(current_start_id(run_dir))
    connections.close_all()
    gc.collect()
    gc.freeze()
    try:
        Guard(beat_file=beat_file, tick=tick if queue == QUEUES[0] else None).start()
    except ChildDied as death:
        logger.error("Queue %s: %s; starting afresh.", queue, death)
        _leave(1)
    _leave(0)


def _leave(code: int) -> None:
    """End without multiprocessing's farewell, which waits for children; the kernel ends them with us."""
    logging.shutdown()
    os._exit(code)


if __name__ == "__main__":
    main()
