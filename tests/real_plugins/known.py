"""What is known of public plugins that do not show what they promise, each in one sentence; the cause is in the plugin itself."""

from __future__ import annotations

# Modes that stay dark though everything they ask for is answered.
DARK = {
    "7-segment-clock": "Its code takes the lit segments of its one-bit pictures for transparent, as present Pillow reads them.",
    "mqtt-notifications": "It shows nothing until a message comes from an MQTT broker.",
    "plex-marquee": "It shows nothing until a Plex server in the same network plays something.",
    "ufc-scoreboard": "It asks for its settings under a name that does not exist and takes itself for switched off.",
}
# Plugins that cannot start as they are published, and words of the sentence that an owner reads.
BROKEN: dict[str, str] = {
    name: "It needs the Python module ux_constants" for name in ("contest-countdown", "hamradio-spots", "wavelog-qsos", "weather-alerts")
}
