"""Compatibility: ranges are alternatives, a floor must be met, and what cannot be read is no reason to refuse."""

from __future__ import annotations

import pytest

from plugins_app.package.compatibility import HOST_API_VERSION, incompatibility, wanted_interface


@pytest.mark.parametrize(
    "raw",
    [
        {},
        {"compatible_versions": []},
        {"compatible_versions": [">=2.0.0"]},
        {"compatible_versions": ["<1.0", ">=3"]},
        {"compatible_versions": ["^3.0.0"]},
        {"compatible_versions": ["~3.2.0"]},
        {"compatible_versions": ["3.2"]},
        {"compatible_versions": ["v3.2.0"]},
        {"compatible_versions": ["2.0 - 3.9.9"]},
        {"compatible_versions": ["whatever"]},
        {"compatible_versions": "nonsense"},
        {"compatible_versions": [None, 5]},
        {"min_ledmatrix_version": "3.2.0"},
        {"min_ledmatrix_version": "soon"},
        {"requires": "python"},
        {"versions": ["1.0"]},
        {"versions": [{"ledmatrix_min": "2.0.0"}, {"ledmatrix_min": "99"}]},
    ],
    ids=str,
)
def test_it_fits(raw):
    assert incompatibility(raw) is None


@pytest.mark.parametrize(
    "raw",
    [
        {"compatible_versions": [">=4.0"]},
        {"compatible_versions": ["<3", "whatever"]},
        {"compatible_versions": ["^2.0.0"]},
        {"compatible_versions": ["~3.1.0"]},
        {"compatible_versions": ["1.0.0 - 2.0.0"]},
        {"min_ledmatrix_version": "3.3"},
        {"requires": {"min_ledmatrix_version": "4.0.0"}},
        {"versions": [{"ledmatrix_min_version": "9.0.0"}]},
        {"versions": [{"ledmatrix_min": "9.0.0"}]},
    ],
    ids=str,
)
def test_it_does_not_fit_and_says_why(raw):
    assert HOST_API_VERSION in str(incompatibility(raw))


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [
        ({}, ""),
        ({"compatible_versions": [">=2.0.0", "<4"], "min_ledmatrix_version": "2.0"}, ">=2.0.0, <4"),
        ({"compatible_versions": [None, " "], "min_ledmatrix_version": "2.0"}, "2.0 or newer"),
        ({"compatible_versions": "all"}, ""),
    ],
)
def test_it_says_what_a_plugin_asks_for(raw: dict[str, object], wanted: str) -> None:
    assert wanted_interface(raw) == wanted
