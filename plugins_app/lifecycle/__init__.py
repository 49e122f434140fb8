"""What can happen to a plugin, one public function a file; `requests` is the front door.

Words: a *generation* is one complete tree of a plugin. *Install* brings in a plugin, *update* replaces its generation,
*uninstall* removes it and leaves a *tombstone*, from which *undo* brings it back; *rollback* returns to the previous
generation; *enable* puts it on the panel.
"""
