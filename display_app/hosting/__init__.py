"""Zygote, host processes, protocol, limits, watchdog and the probe: where plugin code runs. Pure."""
