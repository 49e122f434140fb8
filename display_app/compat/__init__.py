"""The public import paths of plugins: this folder is put on the search path of host processes, so that `import src` finds `src/`."""
