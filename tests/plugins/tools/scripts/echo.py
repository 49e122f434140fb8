"""Answers what it is and what it was given."""

import json
import os
import sys
from pathlib import Path

given = sys.stdin.read()
root = Path(os.environ["LEDMATRIX_ROOT"])
plain = json.loads((root / "config" / "config.json").read_text())
secrets = json.loads((root / "config" / "config_secrets.json").read_text())
print("a line of log", file=sys.stderr)
print(
    json.dumps(
        {
            "status": "success",
            "message": "Said.",
            "given": json.loads(given) if given else None,
            "sections": sorted(name for name in plain if name in ("tools", "other")),
            "word": plain["tools"]["word"],
            "secret": secrets["tools"].get("client_secret"),
            "file": Path(__file__).name,
            "here": os.getcwd(),
        }
    )
)
