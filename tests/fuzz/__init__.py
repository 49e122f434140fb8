"""Input that nobody would write: always the same selection in `make test`, new and many in `make fuzz`."""
