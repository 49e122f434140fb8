"""Writes into its own section of the settings, as the public file manager does."""

import json
import os
import sys
from pathlib import Path

path = Path(os.environ["LEDMATRIX_ROOT"], "config", "config.json")
config = json.loads(path.read_text())
config["tools"].update(json.load(sys.stdin))
config["other"] = {"enabled": False}
path.write_text(json.dumps(config))
print(json.dumps({"status": "success"}))
