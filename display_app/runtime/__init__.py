"""What a plugin is given: base class, canvas, cache, config, font and plugin managers, and the session that drives one plugin. Pure."""
