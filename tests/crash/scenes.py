"""What is there before each kind of work that is going to be killed, as actions."""

from __future__ import annotations

SCENES = {
    "install": ["remove_alpha_for_good"],
    "update": ["install_both"],
    "uninstall": ["install_both"],
    "undo": ["install_both", "uninstall_alpha"],
    "rollback": ["install_both", "new version", "update_alpha"],
    "reinstall": ["install_both", "lose_alpha"],
    "renew": ["install_both", "edit_alpha"],
    "return": ["install_both", "new version", "update_alpha_by_itself"],
    "purge": ["install_both", "uninstall_alpha"],
    "expiry": ["install_both", "uninstall_alpha", "let_a_week_pass"],
    "converge": ["install_both", "lose_alpha", "drop_handmade"],
}
