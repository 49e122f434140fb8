"""What the libraries for the web print when an address cannot be reached, in words that a person understands (pure)."""

from __future__ import annotations

import re

_HOSTS = (
    re.compile(r"host='([^']+)'"),
    re.compile(r"Failed to resolve '([^']+)'"),
    re.compile(r"https?://([^/\s'\":?]+)"),
)
# The first pattern that is found decides; a line without any of them does not speak of the network.
_CAUSES = (
    (
        r"NameResolution|Failed to resolve|Name or service not known|name resolution|getaddrinfo|nodename nor servname",
        "its name cannot be looked up (no internet?)",
    ),
    (r"timed out|Timeout", "it did not answer in time"),
    (r"Connection refused", "it refused the connection"),
    (r"Network is unreachable|No route to host", "there is no way to it from here"),
    (r"CERTIFICATE_VERIFY_FAILED|SSLError|SSLCertVerification", "its certificate is not trusted"),
    (r"Max retries exceeded|ConnectionError|NewConnectionError|Connection aborted|RemoteDisconnected", "the connection failed"),
    (r"\b(?:429) Client Error|Too Many Requests", "it was asked too often"),
    (r"\b(?:401|403) Client Error", "it does not let the plugin in"),
    (r"\b404 Client Error", "what was asked for is not there"),
    (r"\b5\d\d Server Error", "it has an error of its own"),
)


def network_words(text: str) -> str:
    """Return "could not reach HOST: why", empty when the text does not say that something could not be reached."""
    why = next((words for pattern, words in _CAUSES if re.search(pattern, text)), "")
    if not why:
        return ""
    host = next((found[1] for pattern in _HOSTS if (found := pattern.search(text))), "")
    return f"could not reach {host}: {why}" if host else f"could not reach its server: {why}"
