"""Entry of the supervisor process, which `manage.py up` becomes when everything is prepared: small, because it stays."""

from __future__ import annotations

import argparse
import signal
import sys

from ledsite.env import BASE_DIR, Environment, read_environment
from ledsite.supervisor.child import Spec
from ledsite.supervisor.console import Console
from ledsite.supervisor.loop import Supervisor
from ledsite.supervisor.state import write_state


def specs(listener: int) -> list[Spec]:
    """Name the processes of the product; the panel is stopped last."""
    python = sys.executable
    return [
        Spec("director", (python, "manage.py", "runmatrix"), stage=1, cwd=BASE_DIR),
        Spec("web", (python, "-m", "ledsite.web", str(listener)), descriptors=(listener,), cwd=BASE_DIR),
        Spec("slow", (python, "-m", "ledsite.worker", "slow"), cwd=BASE_DIR),
        Spec("main", (python, "-m", "ledsite.worker", "main"), cwd=BASE_DIR),
    ]


def address_of(environment: Environment) -> str:
    """Return the address to open in a browser on this machine."""
    host = environment.bind_host
    if host in ("0.0.0.0", "::"):
        host = "127.0.0.1"
    return f"http://[{host}]:{environment.bind_port}/" if ":" in host else f"http://{host}:{environment.bind_port}/"


def main() -> None:
    """Supervise until stopped."""
    parser = argparse.ArgumentParser(prog="ledsite.supervisor")
    parser.add_argument("--listener", type=int, required=True, help="descriptor of the listening socket")
    parser.add_argument("--lock", type=int, required=True, help="descriptor of the data folder's lock, held by being open")
    arguments = parser.parse_args()
    environment = read_environment()
    address = address_of(environment)
    console = Console(environment.data_dir / "logs")
    supervisor = Supervisor(
        specs(arguments.listener),
        console=console,
        on_change=lambda children: write_state(environment.run_dir, address=address, children=children),
    )
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    supervisor.run()
    console.say("Stopped.")


if __name__ == "__main__":
    main()
