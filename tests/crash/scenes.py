"""What is there before each kind of work that is going to be killed, as actions."""

from __future__ import annotations

BY_ITSELF = ["install_both", "new version", "offer_by_itself", "update_by_itself"]
UPDATED = ["install_both", "new version", "update_alpha"]  # two trees: what is live, and where a rollback leads
SCENES = {
    "install": ["install_both", "uninstall_alpha"],
    "preview": ["install_both", "uninstall_alpha"],
    "update": ["install_both"],
    "uninstall": UPDATED,
    "undo": [*UPDATED, "uninstall_alpha"],
    "rollback": UPDATED,
    "reinstall": ["install_both", "lose_alpha"],
    "renew": ["install_both", "edit_alpha"],
    "automatic": ["install_both", "new version", "offer_by_itself"],
    "probation": [*BY_ITSELF, "pass_probation"],
    "return": [*BY_ITSELF, "fail_probation"],
    "purge": [*UPDATED, "uninstall_alpha"],
    "expiry": [*UPDATED, "uninstall_alpha", "let_a_week_pass"],
    "converge": ["install_both", "lose_alpha", "drop_handmade"],
}
