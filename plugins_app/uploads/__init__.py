"""Pictures that owners give to a plugin: checked, kept below `assets/`, named in its settings, deleted when nothing uses them."""
