"""Public import path of what sports plugins share."""
