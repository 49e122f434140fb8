"""A login in two steps: a link from a function, then the address that the person was sent to, on stdin."""

import sys
from pathlib import Path


def get_auth_url():
    return "https://accounts.example/authorize?client=1"


if __name__ == "__main__":
    address = input("Paste it: ").strip()
    if "code=" not in address:
        print(f"There is no code in {address}", file=sys.stderr)
        sys.exit(1)
    Path(__file__).with_name("token.txt").write_text(address.split("code=")[1].split("&")[0])
