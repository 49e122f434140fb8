"""Kills the work at every step, lets recovery run, and looks at what is left."""
