"""Making an empty or older data folder ready, step by step, each of them idempotent and quick when there is nothing to do."""
