"""A process that knows Django and forks one child per order: `{"action", "args"}` a line in, `{"code", "value"}` a line out."""

from __future__ import annotations

import importlib
import json
import os
import sys
import traceback
from collections.abc import Callable
from typing import Any

import django

django.setup()

from plugins_app.store.client import client_from_settings  # noqa: E402 (after setup)
from tests.crash.actions import ACTIONS, close_database  # noqa: E402 (after setup)
from tests.crash.variants import VARIANTS  # noqa: E402 (after setup)
from tests.crash.warm import warm_up  # noqa: E402 (after setup)


def main() -> None:
    """Serve orders until the other side closes."""
    print(json.dumps({"ready": os.getpid()}), flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        if order["action"] == "warm up":
            warm_up()
            print("{}", flush=True)
        elif order.get("side_by_side"):
            answers = [_start(order) for _ in range(order["side_by_side"])]
            print(json.dumps([_finish(*answer) for answer in answers]), flush=True)
        else:
            print(json.dumps(_finish(*_start(order))), flush=True)


def _start(order: dict[str, Any]) -> tuple[int, int]:
    reader, writer = os.pipe()
    pid = os.fork()
    if pid:
        os.close(writer)
        return pid, reader
    os.close(reader)
    with os.fdopen(writer, "w") as out:
        json.dump(_act(order), out)
    os._exit(0)


def _finish(pid: int, reader: int) -> dict[str, Any]:
    with os.fdopen(reader) as source:
        text = source.read()
    _, status = os.waitpid(pid, 0)
    return {"code": os.waitstatus_to_exitcode(status), **(json.loads(text) if text else {})}


def _action(name: str) -> Callable[..., Any]:
    """Find an action: one of ours, or `module:function`."""
    module, _, function = name.rpartition(":")
    return getattr(importlib.import_module(module), function) if module else ACTIONS[function]  # type: ignore[no-any-return]


def _act(order: dict[str, Any]) -> dict[str, Any]:
    try:
        keywords = order.get("kwargs", {})
        if variant := keywords.pop("variant", ""):
            VARIANTS[variant]()
        if patience := keywords.pop("patience", 0.0):
            client_from_settings.__kwdefaults__["read_seconds"] = patience
        value = _action(order["action"])(*order.get("args", []), **keywords)
        close_database()
    except BaseException:  # noqa: BLE001 (the test is told, whatever it is)
        return {"failed": traceback.format_exc()}
    return {"value": value}


if __name__ == "__main__":
    main()
