"""Who has the panel now: on demand before live content before the rotation, as pure functions of the time and the state. Pure."""
