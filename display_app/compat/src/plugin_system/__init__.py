"""Public import path of the plugin base class."""
