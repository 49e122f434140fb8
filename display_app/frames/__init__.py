"""Frames between processes: the bus in shared memory, and the encoding for the preview. Pure."""
