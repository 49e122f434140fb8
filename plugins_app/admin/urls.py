"""Addresses of the pages below /admin/; they come before those of Django's own admin."""

from __future__ import annotations

from django.urls.resolvers import URLPattern

from plugins_app.admin import installed_pages, operation_pages, overview, settings_pages, store_pages, token_pages, upkeep_pages
from plugins_app.admin.pages import at

urlpatterns: list[URLPattern] = [
    at("store/", store_pages.store, "store-page"),
    at("store/list", store_pages.store_list, "store-page-list"),
    at("store/refresh", store_pages.refresh, "store-page-refresh"),
    at("store/install", store_pages.install, "store-page-install"),
    at("store/elsewhere/", store_pages.elsewhere, "store-page-elsewhere"),
    at("store/install-from-url", store_pages.install_from_url, "store-page-install-url"),
    at("store/install-upload", store_pages.install_upload, "store-page-install-upload"),
    at("plugins/", installed_pages.installed, "installed-page"),
    at("plugins/list", installed_pages.installed_list, "installed-page-list"),
    at("plugins/check", installed_pages.check, "installed-check"),
    at("plugins/<str:plugin_id>/settings/", settings_pages.plugin_settings, "plugin-settings-page"),
    at("plugins/<str:plugin_id>/settings/reset", settings_pages.reset, "plugin-settings-reset"),
    at("plugins/<str:plugin_id>/toggle", installed_pages.toggle, "plugin-toggle"),
    at("plugins/<str:plugin_id>/move", installed_pages.move, "plugin-move"),
    at("plugins/<str:plugin_id>/update", installed_pages.update, "plugin-update"),
    at("plugins/<str:plugin_id>/versions/", installed_pages.versions, "plugin-versions"),
    at("plugins/<str:plugin_id>/versions/list", installed_pages.versions_list, "plugin-versions-list"),
    at("plugins/<str:plugin_id>/roll-back", installed_pages.roll_back, "plugin-roll-back"),
    at("plugins/<str:plugin_id>/undo", installed_pages.undo, "plugin-undo"),
    at("plugins/<str:plugin_id>/purge", installed_pages.purge, "plugin-purge"),
    at("plugins/<str:plugin_id>/uninstall/", installed_pages.uninstall, "plugin-uninstall"),
    at("notices/<int:issue_id>/put-away", overview.put_away, "notice-put-away"),
    at("notices/<int:issue_id>/adopt", overview.adopt, "notice-adopt"),
    at("store/sources/", upkeep_pages.sources, "sources-page"),
    at("store/sources/add", upkeep_pages.add, "source-add"),
    at("store/sources/<int:source_id>/remove", upkeep_pages.remove, "source-remove"),
    at("upkeep/", upkeep_pages.upkeep, "upkeep-page"),
    at("upkeep/findings", upkeep_pages.findings, "upkeep-page-findings"),
    at("upkeep/findings/<str:plugin_id>/<str:name>", upkeep_pages.on_finding, "finding-act"),
    at("upkeep/check", upkeep_pages.check, "upkeep-check"),
    at("upkeep/update-all", upkeep_pages.update_all, "upkeep-update-all"),
    at("upkeep/policy", upkeep_pages.policy, "upkeep-policy"),
    at("tokens/", token_pages.tokens, "tokens-page"),
    at("tokens/<int:user_id>/make", token_pages.make_token, "token-make"),
    at("tokens/<int:user_id>/delete", token_pages.delete_token, "token-delete"),
    at("operations/", operation_pages.operations, "operations-page"),
    at("operations/list", operation_pages.operations_list, "operations-page-list"),
    at("operations/<int:operation_id>/", operation_pages.operation, "operation-page"),
    at("operations/<int:operation_id>/live", operation_pages.operation_live, "operation-page-live"),
    at("operations/<int:operation_id>/cancel", operation_pages.cancel, "operation-page-cancel"),
    at("operations/<int:operation_id>/retry", operation_pages.retry, "operation-page-retry"),
]
