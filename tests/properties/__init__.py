"""Any order of anything: operations, crashes, hands in folders, a registry that comes and goes, and time."""
