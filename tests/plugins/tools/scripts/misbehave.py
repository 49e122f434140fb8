"""Does what no script should."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

what = json.load(sys.stdin)
kind = what["kind"]
if kind == "hang":
    print("began", flush=True)
    time.sleep(600)
elif kind == "flood":
    while True:
        sys.stdout.write("x" * 65536)
elif kind == "leave":
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True)
    print(json.dumps({"pid": child.pid}))
elif kind == "read":
    print(json.dumps({"text": Path(what["path"]).read_text()}))
elif kind == "write":
    Path(what["path"]).write_text("I was here")
elif kind == "raise":
    raise RuntimeError("by its author")
elif kind == "tell":
    config = json.loads(Path(os.environ["LEDMATRIX_ROOT"], "config", "config_secrets.json").read_text())
    print("the secret is", config["tools"]["client_secret"])
    sys.exit(3)
elif kind == "memory":
    print(len(bytearray(2_000_000_000)))
elif kind == "many":
    for _ in range(5):
        os.fork()
        os.setsid() if os.getpid() != os.getsid(0) else None
    time.sleep(600)
elif kind == "flee":
    for _ in range(500):
        if os.fork():
            os._exit(0)
        os.setsid()
        time.sleep(0.02)
elif kind == "lie":
    print(json.dumps({"auth_url": "javascript:alert(1)", "requires_step2": True}))
