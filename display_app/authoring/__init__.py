"""For authors of plugins: render one in a throw-away process, check it, begin a new one. Pure."""
