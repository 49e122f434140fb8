"""What is read out of a script's output, whatever it printed."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins_app.actions.offered import Action, actions_of
from plugins_app.actions.outcome import as_address, read_outcome

ACTION = Action(id="a", script="a.py", title="A", success="Fine", error="Broken")


@pytest.mark.parametrize(
    ("output", "answer"),
    [
        ('{"a": 1}', {"a": 1}),
        ('INFO begins\n{"a": 1}\n', {"a": 1}),
        ('{"a": 1}\nWARNING after it', {"a": 1}),
        ('log\n{\n  "a": 1\n}\nmore', {"a": 1}),
        ("[1]", {}),
        ("nothing", {}),
        ("", {}),
    ],
)
def test_the_object_is_found(output: str, answer: dict[str, int]) -> None:
    assert read_outcome(ACTION, output, code=0).answer == answer


@pytest.mark.parametrize(
    ("output", "code", "is_good", "message"),
    [
        ("", 0, True, "Fine"),
        ('{"message": "Said"}', 0, True, "Said"),
        ('{"status": "error", "message": "No file"}', 0, False, "No file"),
        ('{"status": "error"}', 0, False, 'Broken: {"status": "error"}'),
        ("ERROR no key\n", 1, False, "Broken: ERROR no key"),
        ("2026-11-29 23:22:36,969 - ERROR - Failed to ask.", 1, False, "Broken: Failed to ask."),
        ("", 137, False, "Broken"),
    ],
)
def test_the_verdict_and_its_words(output: str, code: int, is_good: bool, message: str) -> None:
    outcome = read_outcome(ACTION, output, code=code)
    assert (outcome.is_good, outcome.message) == (is_good, message)


@pytest.mark.parametrize("link", ["javascript:alert(1)", "file:///etc/passwd", "https://", "//x", 7, "http://a\nb", "https://[x"])
def test_only_addresses_of_the_web_are_links(link: object) -> None:
    assert read_outcome(ACTION, json.dumps({"auth_url": link, "requires_step2": True}), code=0).link == ""


@pytest.mark.parametrize(
    ("pasted", "address"),
    [
        (" http://127.0.0.1/?code=a ", "http://127.0.0.1/?code=a"),
        ("code=a", "code=a"),
        ("4/0A&b", "http://127.0.0.1/?code=4%2F0A%26b"),
    ],
)
def test_a_code_becomes_an_address(pasted: str, address: str) -> None:
    assert as_address(pasted) == address


@given(output=st.text(max_size=200), code=st.integers(0, 255), secret=st.text(min_size=4, max_size=8, alphabet="abc"))
def test_no_output_breaks_it_and_no_secret_comes_through(output: str, code: int, secret: str) -> None:
    told = json.dumps({"status": "ok", "message": f"x{secret}y", "deep": [{"k": secret}]})
    for text in (output, f"{output}\n{told}"):
        outcome = read_outcome(ACTION, text, code=code, secrets=[secret])
        assert secret not in json.dumps([outcome.answer, outcome.message, outcome.output])


@given(
    listed=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=10),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(st.sampled_from(["id", "type", "script", "title", "ui_hidden", "oauth_flow"]), inner, max_size=6)
        ),
        max_leaves=20,
    )
)
def test_no_manifest_breaks_it(listed: object) -> None:
    for action in actions_of({"web_ui_actions": listed}):
        assert action.id and action.script.endswith(".py")


@pytest.mark.parametrize(
    "script", ["../a.py", "/etc/a.py", "a/../../b.py", ".hidden/a.py", "a.sh", "a\\b.py", "a\n.py", "", None, ["a.py"]]
)
def test_a_script_outside_of_the_folder_is_no_action(script: object) -> None:
    assert actions_of({"web_ui_actions": [{"id": "a", "script": script}]}) == ()
