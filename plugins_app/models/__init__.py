"""Every row that plugins_app keeps; import models from here."""

from plugins_app.models.action import ActionRun, ActionStatus
from plugins_app.models.browsing import StoreChange, StoreVisit
from plugins_app.models.drawing import Drawing, DrawingStatus
from plugins_app.models.github import ApiAccess, CommitFacts, PluginFacts, RepositoryFacts
from plugins_app.models.house import AuditEntry, DeviceLocation, IgnoredFinding, Issue, ProductStart, ReconcileRun, RepairVerdict, Revision
from plugins_app.models.imported import ImportedSettings
from plugins_app.models.login import LoginAttempts
from plugins_app.models.operation import Operation, OperationLog
from plugins_app.models.plugin import Plugin, PluginConfig, PluginSecret, Tombstone
from plugins_app.models.registry import HttpCacheEntry, RegistryEntry, RegistrySource
from plugins_app.models.states import CLOSED_STATUSES, OPEN_STATUSES, OperationKind, OperationStatus, Phase, Source, Trust
from plugins_app.models.updates import Probation, Release, UpdatePolicy

__all__ = [
    "CLOSED_STATUSES",
    "OPEN_STATUSES",
    "ActionRun",
    "ActionStatus",
    "ApiAccess",
    "AuditEntry",
    "CommitFacts",
    "DeviceLocation",
    "Drawing",
    "DrawingStatus",
    "HttpCacheEntry",
    "IgnoredFinding",
    "ImportedSettings",
    "Issue",
    "LoginAttempts",
    "Operation",
    "OperationKind",
    "OperationLog",
    "OperationStatus",
    "Phase",
    "Plugin",
    "PluginConfig",
    "PluginFacts",
    "PluginSecret",
    "Probation",
    "ProductStart",
    "ReconcileRun",
    "RegistryEntry",
    "RegistrySource",
    "Release",
    "RepairVerdict",
    "RepositoryFacts",
    "Revision",
    "Source",
    "StoreChange",
    "StoreVisit",
    "Tombstone",
    "Trust",
    "UpdatePolicy",
]
