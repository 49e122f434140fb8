"""Addresses below /api/v3/ that belong to plugins, operations and access."""

from __future__ import annotations

from django.urls import path
from django.urls.resolvers import URLPattern

from plugins_app.api import actions, assets, config, details, drawings, operations, plugins, preview, sources, state, store, updates
from plugins_app.api.base import route
from plugins_app.api.root import RootView
from plugins_app.api.schema import DocsView, SchemaView

urlpatterns: list[URLPattern] = [
    path("", RootView.as_view(), name="api-root"),
    *route("plugins/installed", plugins.InstalledView, "plugins-installed"),
    *route("plugins/bundled", plugins.BundledView, "plugins-bundled"),
    *route("plugins/store/list", store.StoreListView, "store-list"),
    *route("plugins/store/facets", store.StoreFacetsView, "store-facets"),
    *route("plugins/store/changes", store.StoreChangesView, "store-changes"),
    *route("plugins/store/changes/seen", store.StoreChangesSeenView, "store-changes-seen"),
    *route("plugins/store/refresh", store.StoreRefreshView, "store-refresh"),
    *route("plugins/store/sources", sources.SourcesView, "store-sources"),
    *route("plugins/store/sources/<int:source_id>", sources.SourceView, "store-source"),
    *route("plugins/store/token", store.StoreTokenView, "store-token"),
    *route("plugins/store/token/check", store.StoreTokenCheckView, "store-token-check"),
    *route("plugins/store/<str:plugin_id>", details.StoreDetailsView, "store-details"),
    *route("plugins/store/<str:plugin_id>/fetch", details.StoreDetailsFetchView, "store-details-fetch"),
    *route("plugins/store/<str:plugin_id>/preview", details.StorePreviewView, "store-preview"),
    *route("plugins/store/<str:plugin_id>/picture", details.StorePictureView, "store-picture"),
    *route("plugins/install", plugins.InstallView, "install"),
    *route("plugins/install-from-url", plugins.InstallFromUrlView, "install-from-url"),
    *route("plugins/install-upload", plugins.InstallUploadView, "install-upload"),
    *route("plugins/update", plugins.UpdateView, "update"),
    *route("plugins/update-all", updates.UpdateAllView, "update-all"),
    *route("plugins/update-policy", updates.UpdatePolicyView, "update-policy"),
    *route("plugins/uninstall", plugins.UninstallView, "uninstall"),
    *route("plugins/removed", plugins.RemovedView, "removed"),
    *route("plugins/undo-uninstall", plugins.UndoUninstallView, "undo-uninstall"),
    *route("plugins/purge", plugins.PurgeView, "purge"),
    *route("plugins/rollback", plugins.RollbackView, "rollback"),
    *route("plugins/toggle", plugins.ToggleView, "toggle"),
    *route("plugins/order", plugins.OrderView, "order"),
    *route("plugins/action", actions.ActionView, "plugin-action"),
    *route("plugins/<str:plugin_id>/actions", actions.ActionsView, "plugin-actions"),
    *route("plugins/<str:plugin_id>/actions/<int:run_id>", actions.ActionRunView, "plugin-action-run"),
    *route("plugins/assets/list", assets.AssetsView, "assets-list"),
    *route("plugins/assets/upload", assets.AssetsUploadView, "assets-upload"),
    *route("plugins/assets/delete", assets.AssetsDeleteView, "assets-delete"),
    *route("plugins/<str:plugin_id>/upload-credentials", assets.CredentialsView, "plugin-credentials"),
    *route("plugins/<str:plugin_id>/assets/<str:name>", assets.AssetPictureView, "asset-picture"),
    *route("plugins/state/reconcile", state.ReconcileView, "reconcile"),
    *route("plugins/state/findings/<str:plugin_id>/<str:action>", state.FindingView, "finding-action"),
    *route("plugins/<str:plugin_id>/config", config.ConfigView, "plugin-config"),
    *route("plugins/<str:plugin_id>/config/reset", config.ConfigResetView, "plugin-config-reset"),
    *route("plugins/<str:plugin_id>/config/secrets", config.SecretsView, "plugin-secrets"),
    *route("plugins/<str:plugin_id>/preview", preview.PreviewView, "plugin-preview"),
    *route("plugins/<str:plugin_id>/drawings", drawings.DrawingsView, "plugin-drawings"),
    *route("plugins/<str:plugin_id>/drawings/<str:key>", drawings.DrawingView, "plugin-drawing"),
    *route("plugins/<str:plugin_id>/drawings/<str:key>/picture", drawings.PictureView, "plugin-drawing-picture"),
    *route("plugins/<str:plugin_id>/versions", plugins.VersionsView, "plugin-versions-list"),
    *route("plugins/<str:plugin_id>/schema", config.ConfigSchemaView, "plugin-schema"),
    *route("operations", operations.OperationsView, "operations"),
    *route("operations/<int:operation_id>", operations.OperationView, "operation"),
    *route("operations/<int:operation_id>/cancel", operations.CancelView, "operation-cancel"),
    *route("operations/<int:operation_id>/retry", operations.RetryView, "operation-retry"),
    *route("schema", SchemaView, "api-schema"),
    *route("docs", DocsView, "api-docs"),
]
