"""Work as rows: create, claim, progress, log, cancel, run, recovery. A row is the truth; the queue only delivers its number."""
