"""Where frames go: the backends, and the driver, the only process that opens one. Pure."""
