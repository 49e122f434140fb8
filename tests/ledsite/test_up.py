"""`manage.py up` as its owner meets it: one clear line for each obstacle, every process replaceable, nothing left behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys

import pytest
import requests

from ledsite.process import start_ticks
from ledsite.supervisor.state import read_state
from tests.fakes.product import BASE_DIR, Product, wait_for

pytestmark = pytest.mark.process


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """One product for the module: only its first start has everything to make."""
    product = Product(tmp_path_factory.mktemp("product"))
    yield product
    if product.process is not None:
        product.process.kill()
        product.process.wait(10)


@pytest.fixture
def product(folder):
    """The product, running."""
    if folder.process is None or folder.process.poll() is not None:
        folder.start()
    wait_for(folder.is_healthy, what="health")
    return folder


def up(environment):
    """Call `up` where it cannot start; return exit code and all output."""
    done = subprocess.run(
        [sys.executable, "manage.py", "up"], cwd=BASE_DIR, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    return done.returncode, (done.stdout + done.stderr).strip()


def pid_of(product: Product, name: str) -> int | None:
    """Return what the supervisor says of one process."""
    pid: int | None = read_state(product.folder / "run")["processes"][name]["pid"]
    return pid


def family(product: Product) -> list[int]:
    """List every process below the supervisor."""
    found = [product.process.pid]
    for pid in found:
        with open(f"/proc/{pid}/task/{pid}/children") as file:
            found += [int(child) for child in file.read().split()]
    return found


def test_health_names_every_process(product):
    assert requests.get(f"{product.url}/api/v3/health", timeout=5).json() == {
        "ok": True,
        "processes": {"web": True, "main": True, "slow": True, "director": True, "driver": True},
    }


def test_a_second_start_on_the_same_folder_is_refused(product):
    code, output = up({**product.environment, "LEDSITE_BIND": "127.0.0.1:1"})
    assert code == 1
    assert output.startswith(f"CommandError: ledsite already runs on {product.folder / 'var'} (process {product.process.pid})")
    assert len(output.splitlines()) == 1


def test_a_port_in_use_is_one_clear_line(tmp_path):
    other = Product(tmp_path)
    with socket.create_server(("127.0.0.1", other.port)):
        code, output = up(other.environment)
    assert code == 1
    assert output == f"CommandError: Port {other.port} on 127.0.0.1 is in use by another program: " + (
        "stop that one, or set LEDSITE_BIND to another port."
    )


def test_a_bad_setting_is_one_clear_line(tmp_path):
    code, output = up({**Product(tmp_path).environment, "LEDSITE_PANEL": "big"})
    assert code == 1
    assert output == "LEDSITE_PANEL='big' is not a panel: give cols x rows x chain x parallel, for example 64x32x2x1."


@pytest.mark.parametrize("name", ["web", "main", "slow", "director"])
def test_a_killed_process_is_back_within_seconds(product, name):
    before = pid_of(product, name)
    os.kill(before, signal.SIGKILL)
    wait_for(lambda: pid_of(product, name) not in (None, before), seconds=5, what=f"another {name}")
    wait_for(product.is_healthy, seconds=5, what="health")


def test_it_stops_within_five_seconds_with_a_stream_open(product):
    pids = family(product)
    headers = {"Authorization": f"Token {product.token}"}
    with requests.get(f"{product.url}/api/v3/display/stream", headers=headers, stream=True, timeout=10) as stream:
        assert stream.status_code == 200
        product.process.send_signal(signal.SIGINT)
        assert product.process.wait(5) == 0
    wait_for(lambda: not any(start_ticks(pid) for pid in pids), seconds=2, what="end of every process")
    said = product.log().rpartition("Stopping; once more to stop at once.\n")[2]
    assert said.endswith("Stopped.\n")
    assert "did not stop in time" not in said


def test_nothing_is_left_when_it_is_killed_and_it_starts_again(product):
    pids = family(product)
    product.process.kill()
    product.process.wait(5)
    wait_for(lambda: not any(start_ticks(pid) for pid in pids), seconds=5, what="end of every process")
    product.start()
