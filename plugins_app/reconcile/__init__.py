"""Makes the disk agree with the rows, never the reverse: findings are told apart from repairs, and nothing of a person's is deleted."""
