"""What an installation would do about requirements."""

from __future__ import annotations

from plugins_app.installer.requirement_states import RequirementState, states_of
from plugins_app.installer.requirements import host_distributions


def test_every_line_says_what_becomes_of_it() -> None:
    hosts = host_distributions()
    pillow, requests = hosts["pillow"].version, hosts["requests"].version
    text = """
Pillow>=9
requests<=1.0
no-such-library>=2 ; python_version > '3'
other ; python_version < '3'
--index-url https://x
# end
"""
    assert states_of(text) == [
        RequirementState("Pillow>=9", "met", f"{pillow} comes with this product"),
        RequirementState("requests<=1.0", "kept", f"{requests} comes with this product and is used"),
        RequirementState('no-such-library>=2; python_version > "3"', "fetched", "is fetched when the plugin is installed"),
        RequirementState("requirements.txt: '--index-url https://x' is refused; only names with versions are installed.", "refused"),
    ]


def test_nothing_is_asked_for() -> None:
    assert states_of("") == []
