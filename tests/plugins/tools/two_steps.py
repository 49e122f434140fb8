"""A login that prints its link by itself, and is run again with the code as JSON."""

import json
import sys
from urllib.parse import parse_qs, urlparse

given = sys.stdin.read().strip()
if "code=" in given:
    code = parse_qs(urlparse(json.loads(given)["redirect_url"]).query)["code"][0]
    print(json.dumps({"status": "success", "message": f"Got {code[:2]}"}))
else:
    print(json.dumps({"status": "success", "requires_step2": True, "auth_url": "https://accounts.example/o?x=1", "message": "Open it"}))
