"""Pictures of an installed plugin on demand: any size, mode and settings, drawn by a worker in a throw-away process, nothing saved."""
