"""The processes of the product, as `up` supervises them; what each of them runs is loaded here, once, before they are forked."""

from __future__ import annotations

import gc
from functools import partial

from django.core.management import call_command
from django.db import connections
from django_q.brokers import get_broker
from django_q.models import OrmQ

from ledsite import web
from ledsite.env import Environment
from ledsite.process import give_back_memory
from ledsite.supervisor.child import Spec
from ledsite.supervisor.console import Console
from ledsite.supervisor.loop import Supervisor
from ledsite.supervisor.state import write_state
from ledsite.worker.queues import process_names
from ledsite.worker.serve import serve
from ledsite.wsgi import application

WARM_ROUNDS = 20


def supervise(environment: Environment, *, listener: int) -> None:
    """Run the product until it is stopped."""
    console = Console(environment.data_dir / "logs")
    supervisor = Supervisor(
        _specs(listener, low_memory=environment.low_memory),
        console=console,
        on_change=lambda children: write_state(environment.run_dir, address=address_of(environment), children=children),
    )
    _warm_up()
    connections.close_all()  # no open database may be carried over a fork
    gc.collect()
    give_back_memory()
    gc.freeze()
    supervisor.run()
    console.say("Stopped.")
    console.close()


def address_of(environment: Environment) -> str:
    """Return the address to open in a browser on this machine."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(environment.bind_host, environment.bind_host)
    return f"http://[{host}]:{environment.bind_port}/" if ":" in host else f"http://{host}:{environment.bind_port}/"


def _warm_up() -> None:
    """Do often enough what every process does first: what it imports and how the interpreter tunes it is then shared by all."""
    broker = get_broker()
    for _ in range(WARM_ROUNDS):
        broker.queue_size()
        list(OrmQ.objects.filter(key="")[:1])


def _specs(listener: int, *, low_memory: bool) -> list[Spec]:
    """Name the processes; the panel is stopped last."""
    queues = reversed(process_names(low_memory=low_memory))
    return [
        Spec("director", lambda: call_command("runmatrix"), "ledsite director: manage.py runmatrix", stage=1),
        Spec("web", lambda: web.serve(listener, application), descriptors=(listener,)),
        *(Spec(name, partial(serve, name), f"ledsite queue {name}: manage.py qcluster") for name in queues),
    ]
