"""A trial of real public plugins, run by hand: `python -m tests.real_plugins.run FOLDER`."""
