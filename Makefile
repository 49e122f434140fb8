# Three words: run, test, lint. See CONTRIBUTING.md.
.PHONY: lock
lock:
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command "make lock" -q -o requirements.txt
	uv pip compile --group dev pyproject.toml -c requirements.txt --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command "make lock" -q -o requirements-dev.txt
