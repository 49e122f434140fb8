"""What cannot be reached, in words."""

from __future__ import annotations

import pytest

from display_app.health.network_words import network_words

POOL = "HTTPSConnectionPool(host='api.example', port=443): Max retries exceeded with url: /x (Caused by "


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            f"{POOL}NameResolutionError(\"Failed to resolve 'api.example'\"))",
            "could not reach api.example: its name cannot be looked up (no internet?)",
        ),
        (f"{POOL}NewConnectionError('[Errno 111] Connection refused'))", "could not reach api.example: it refused the connection"),
        (
            f"{POOL}NewConnectionError('[Errno 101] Network is unreachable'))",
            "could not reach api.example: there is no way to it from here",
        ),
        (
            "HTTPConnectionPool(host='10.0.0.9', port=80): Read timed out. (read timeout=5)",
            "could not reach 10.0.0.9: it did not answer in time",
        ),
        (f"{POOL}SSLError(SSLCertVerificationError(1, 'x')))", "could not reach api.example: its certificate is not trusted"),
        (f"{POOL}ResponseError('too many 503 error responses'))", "could not reach api.example: the connection failed"),
        (
            "401 Client Error: Unauthorized for url: https://api.example/v1?key=s",
            "could not reach api.example: it does not let the plugin in",
        ),
        ("429 Client Error: Too Many Requests for url: https://api.example/", "could not reach api.example: it was asked too often"),
        ("404 Client Error: Not Found for url: https://api.example/", "could not reach api.example: what was asked for is not there"),
        ("502 Server Error: Bad Gateway for url: https://api.example:8443/", "could not reach api.example: it has an error of its own"),
        (
            "<urlopen error [Errno -3] Temporary failure in name resolution>",
            "could not reach its server: its name cannot be looked up (no internet?)",
        ),
        ("No image is set", ""),
        ("Loaded https://api.example/x", ""),
        ("", ""),
    ],
)
def test_the_host_and_the_cause(text: str, words: str) -> None:
    assert network_words(text) == words
