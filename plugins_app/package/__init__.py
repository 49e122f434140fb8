"""A plugin as a folder: ids, paths, manifest, config schema, discovery, compatibility, git working copies. Pure."""
