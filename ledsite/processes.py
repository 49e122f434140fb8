"""The processes of the product, as `up` supervises them; what each of them runs is loaded before they are forked."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from django.core.management import call_command

from ledsite import web
from ledsite.beats import has_fallen_silent
from ledsite.env import Environment
from ledsite.supervisor.child import Spec
from ledsite.supervisor.console import Console
from ledsite.supervisor.loop import Supervisor
from ledsite.supervisor.state import write_state
from ledsite.warmup import warm_up
from ledsite.worker.queues import process_names
from ledsite.worker.serve import serve
from ledsite.wsgi import application

PANEL_SECONDS = 15.0  # it beats twice a second
QUEUE_SECONDS = 90.0  # it beats every two seconds, but may wait for the database, three times twenty seconds at worst


def supervise(environment: Environment, *, listener: int) -> None:
    """Run the product until it is stopped."""
    console = Console(environment.data_dir / "logs")
    supervisor = Supervisor(
        _specs(listener, run_dir=environment.run_dir, low_memory=environment.low_memory),
        console=console,
        on_change=lambda children: write_state(environment.run_dir, address=address_of(environment), children=children),
    )
    warm_up(application)
    supervisor.run()
    console.say("Stopped.")
    console.close()


def address_of(environment: Environment) -> str:
    """Return the address to open in a browser on this machine."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(environment.bind_host, environment.bind_host)
    return f"http://[{host}]:{environment.bind_port}/" if ":" in host else f"http://{host}:{environment.bind_port}/"


def _specs(listener: int, *, run_dir: Path, low_memory: bool) -> list[Spec]:
    """Name the processes; the panel is stopped last."""
    panel = partial(has_fallen_silent, run_dir / "status.json", seconds=PANEL_SECONDS)
    queues = {
        name: partial(has_fallen_silent, run_dir / f"worker-{name}.json", seconds=QUEUE_SECONDS)
        for name in process_names(low_memory=low_memory)
    }
    return [
        Spec("director", lambda: call_command("runmatrix"), "ledsite director: manage.py runmatrix", stage=1, is_silent=panel),
        Spec("web", lambda: web.serve(listener, application), descriptors=(listener,)),
        *(
            Spec(name, partial(serve, name), f"ledsite queue {name}: manage.py qcluster", is_silent=is_silent)
            for name, is_silent in reversed(queues.items())
        ),
    ]
