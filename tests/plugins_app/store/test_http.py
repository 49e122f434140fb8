"""What the HTTP client does with servers that behave and that do not, against a real one."""

from __future__ import annotations

import gzip
import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from plugins_app.exceptions import LedsiteError, NetworkProblem, NotFound, PackageError, Refused
from plugins_app.store.hosts import HostPolicy, Kind
from plugins_app.store.http import HttpClient
from tests.fakes.hub import Hub


def client_for(hub: Hub, **options: Any) -> HttpClient:
    policy = HostPolicy.of(
        install_hosts=["github.com"],
        registry=[hub.registry_url],
        api=f"{hub.url}/api",
        raw=f"{hub.url}/raw",
        archive=hub.url,
        token="t0ken",
    )
    return HttpClient(policy, user_agent="ledsite/1 (+https://example.invalid/)", **{"connect_seconds": 10, "read_seconds": 10, **options})


@pytest.fixture
def http(hub: Hub) -> Iterator[HttpClient]:
    client = client_for(hub)
    yield client
    client.close()


def get(http: HttpClient, url: str, kind: Kind = "registry", **headers: str) -> bytes:
    with http.stream(url, kind=kind, headers=headers) as response:
        return response.read()


def error_of(http: HttpClient, url: str, kind: Kind = "registry") -> LedsiteError:
    with pytest.raises(LedsiteError) as caught:
        get(http, url, kind)
    return caught.value


def test_it_reads_a_body_and_keeps_the_connection(hub: Hub, http: HttpClient) -> None:
    for _ in range(3):
        assert get(http, hub.registry_url) == hub.registry
    assert (hub.total(), hub.connections) == (3, 1)
    assert hub.requests[0][1]["User-Agent"] == "ledsite/1 (+https://example.invalid/)"


def test_a_304_is_an_answer(hub: Hub, http: HttpClient) -> None:
    with http.stream(hub.registry_url, kind="registry", headers={"If-None-Match": hub.etag(hub.registry)}) as response:
        assert (response.status, response.read()) == (304, b"")
    assert get(http, hub.registry_url) == hub.registry
    assert hub.connections == 1


def test_a_304_that_nobody_asked_for_is_none(hub: Hub, http: HttpClient) -> None:
    hub.fail("/registry", status=304)
    assert error_of(http, hub.registry_url).code == "http-304"


def test_a_304_that_nobody_reads_keeps_the_connection(hub: Hub, http: HttpClient) -> None:
    for _ in range(3):
        with http.stream(hub.registry_url, kind="registry", headers={"If-None-Match": hub.etag(hub.registry)}) as response:
            assert response.status == 304
    assert (hub.total(), hub.connections) == (3, 1)


def test_it_understands_gzip(hub: Hub, http: HttpClient) -> None:
    hub.answer("/registry", gzip.compress(b"{}"), headers={"Content-Encoding": "gzip"})
    assert get(http, hub.registry_url) == b"{}"


def test_a_body_over_the_limit_is_refused_whether_declared_or_unpacked(hub: Hub) -> None:
    http = client_for(hub, max_bytes=1000)
    hub.answer("/registry", b"x" * 1001, times=1)
    assert error_of(http, hub.registry_url).code == "too-large"
    hub.answer("/registry", gzip.compress(b"x" * 100_000), headers={"Content-Encoding": "gzip"}, times=1)
    problem = error_of(http, hub.registry_url)
    assert isinstance(problem, PackageError)
    http.close()


@pytest.mark.parametrize(
    ("status", "code", "is_retryable"),
    [
        (404, "not-found-upstream", False),
        (410, "not-found-upstream", False),
        (451, "not-found-upstream", False),
        (401, "http-401", True),
        (403, "http-403", True),
        (500, "http-500", True),
        (502, "http-502", True),
    ],
)
def test_a_bad_status_is_an_error_with_a_code(hub: Hub, http: HttpClient, status: int, code: str, is_retryable: bool) -> None:
    hub.fail("/registry", status=status)
    problem = error_of(http, hub.registry_url)
    assert (problem.code, problem.retryable) == (code, is_retryable)
    assert problem.hint


@pytest.mark.parametrize("declared", ["\u00b2", "9" * 5000, "-5"])
@pytest.mark.parametrize("status", [304, 503])
def test_a_length_that_is_none_says_nothing(hub: Hub, http: HttpClient, status: int, declared: str) -> None:
    hub.behave("/registry", "status", status=status, headers={"Content-Length": declared}, times=1)
    if status == 304:
        assert get(http, hub.registry_url, **{"If-None-Match": '"a"'}) == b""
    else:
        assert error_of(http, hub.registry_url).code == "http-503"


@pytest.mark.parametrize("location", ["http://[", "//[::1", "http://127.0.0.1:port/", "ftp://127.0.0.1/x"])
def test_a_redirect_to_no_address_is_refused(hub: Hub, http: HttpClient, location: str) -> None:
    hub.redirect("/registry", location)
    assert error_of(http, hub.registry_url).code == "host-not-allowed"


def test_what_cannot_be_unpacked_says_so(hub: Hub, http: HttpClient) -> None:
    hub.answer("/registry", b"not packed at all", headers={"Content-Encoding": "gzip"})
    assert error_of(http, hub.registry_url).code == "not-unpacked"


@pytest.mark.parametrize("status", [403, 429])
def test_a_rate_limit_says_how_long_to_wait(hub: Hub, http: HttpClient, status: int) -> None:
    hub.rate_limit("/registry", status=status, seconds=120)
    problem = error_of(http, hub.registry_url)
    assert problem.code == "rate-limited"
    assert problem.retry_after == pytest.approx(120, abs=60)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Retry-After": "7"}, 7),
        ({"Retry-After": "-7"}, None),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "999999999"}, 3600),
        ({"Date": "Tue, 02 Jun 2026 10:00:00 GMT", "Retry-After": "Tue, 02 Jun 2026 10:01:30 GMT"}, 90),
        ({"Date": "Tue, 02 Jun 2026 10:00:00 GMT", "Retry-After": "Tue, 02 Jun 2020 10:01:30 GMT"}, 1),
        ({"Date": "Tue, 02 Jun 2026 10:00:00 -0000", "Retry-After": "Tue, 02 Jun 2026 10:01:30 GMT"}, 90),
        ({"Retry-After": "Mon, 01 Jan 0001 00:00:00 +2359"}, 1),
    ],
)
def test_it_reads_retry_after_in_every_form(hub: Hub, http: HttpClient, headers: dict[str, str], seconds: float | None) -> None:
    hub.fail("/registry", status=503, headers=headers)
    assert error_of(http, hub.registry_url).retry_after == seconds


@pytest.mark.parametrize(("misbehave", "code"), [("drop", "cut-short"), ("cut_short", "cut-short"), ("refuse", "refused")])
def test_a_broken_connection_is_worth_another_try(hub: Hub, http: HttpClient, misbehave: str, code: str) -> None:
    hub.set_registry(b"x" * 1000)
    getattr(hub, misbehave)(*([] if misbehave == "refuse" else ["/registry"]))
    problem = error_of(http, hub.registry_url)
    assert (type(problem), problem.code) == (NetworkProblem, code)


def test_a_hanging_server_is_left(hub: Hub) -> None:
    http = client_for(hub, read_seconds=0.2)
    hub.hang("/registry")
    assert error_of(http, hub.registry_url).code == "timeout"
    http.close()


def test_a_dripping_body_is_ended_by_the_total_time(hub: Hub) -> None:
    http = client_for(hub, total_seconds=0.3)
    hub.set_registry(b"x" * 10_000)
    hub.drip("/registry", seconds=0.02)
    assert error_of(http, hub.registry_url).code == "timeout"
    http.close()


def test_dripping_headers_are_ended_by_the_total_time(hub: Hub) -> None:
    server = socket.create_server(("127.0.0.1", 0))
    released = threading.Event()

    def drip() -> None:
        connection, _ = server.accept()
        with connection:
            for byte in b"HTTP/1.1 200 OK\r\n" + b"X-Slow: yes\r\n" * 1000:
                try:
                    connection.sendall(bytes([byte]))
                except OSError:
                    return
                if released.wait(0.02):
                    return

    thread = threading.Thread(target=drip)
    thread.start()
    http = client_for(hub, total_seconds=0.3)
    assert error_of(http, f"http://127.0.0.1:{server.getsockname()[1]}/plugins.json").code == "timeout"
    released.set()
    thread.join()
    server.close()
    http.close()


def test_a_name_that_does_not_exist_is_a_dns_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any, **more: Any) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    http = HttpClient(HostPolicy.of(install_hosts=["nowhere.invalid"]))
    assert error_of(http, "https://nowhere.invalid/a.zip", "archive").code == "dns"
    http.close()


def test_a_name_that_leads_inside_is_refused_before_a_connection(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", hub.port))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **more: answers)
    http = HttpClient(HostPolicy.of(install_hosts=["github.com"]))
    assert error_of(http, f"https://github.com:{hub.port}/a.zip", "archive").code == "host-not-allowed"
    assert hub.connections == 0
    http.close()


def test_redirects_are_followed_and_counted(hub: Hub, http: HttpClient) -> None:
    hub.redirect("/moved", "/registry/plugins.json")
    hub.redirect("/far", f"{hub.url}/moved", status=308)
    with http.stream(f"{hub.url}/far", kind="registry") as response:
        assert (response.read(), response.url) == (hub.registry, hub.registry_url)
    hub.redirect("/registry", hub.registry_url)
    assert error_of(http, hub.registry_url).code == "too-many-redirects"


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/plugins.json",
        "http://127.0.0.2:1/plugins.json",
        "http://localhost:1/plugins.json",
        "http://169.254.169.254/latest/meta-data",
        "//evil.example/x",
        "file:///etc/passwd",
        "http://github.com/",
    ],
)
def test_a_redirect_elsewhere_is_refused(hub: Hub, http: HttpClient, target: str) -> None:
    hub.redirect("/registry", target)
    problem = error_of(http, hub.registry_url)
    assert (type(problem), problem.code) == (Refused, "host-not-allowed")


def test_the_token_goes_to_the_api_alone(hub: Hub, http: HttpClient, tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text("{}")
    hub.add_repository("a/b", {"": tmp_path})
    get(http, f"{hub.url}/api/repos/a/b", "api")
    get(http, hub.registry_url)
    get(http, f"{hub.url}/a/b/archive/refs/heads/main.zip", "archive")
    hub.redirect("/api/repos/gone", hub.registry_url)
    get(http, f"{hub.url}/api/repos/gone", "api")
    tokens = [(path, headers.get("Authorization")) for path, headers in hub.requests]
    assert tokens == [
        ("/api/repos/a/b", "Bearer t0ken"),
        ("/registry/plugins.json", None),
        ("/a/b/archive/refs/heads/main.zip", None),
        ("/api/repos/gone", "Bearer t0ken"),
        ("/registry/plugins.json", None),
    ]


def test_a_missing_archive_is_permanent(hub: Hub, http: HttpClient) -> None:
    assert isinstance(error_of(http, f"{hub.url}/a/b/archive/refs/heads/main.zip", "archive"), NotFound)


def test_a_proxy_is_not_asked_for_this_machine(hub: Hub) -> None:
    http = client_for(hub, proxy_for=lambda url: "http://127.0.0.1:9")
    assert get(http, hub.registry_url) == hub.registry
    http.close()


def test_a_proxy_that_does_not_answer_is_named() -> None:
    http = HttpClient(HostPolicy.of(install_hosts=["github.com"]), proxy_for=lambda url: "http://127.0.0.1:9", connect_seconds=1)
    assert error_of(http, "https://github.com/a.zip", "archive").code == "proxy"
    http.close()


def test_a_certificate_nobody_knows_is_a_tls_problem(hub: Hub, tmp_path: Path) -> None:
    certificate = make_certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = server.accept()
        try:
            context.wrap_socket(connection, server_side=True).close()
        except OSError:
            connection.close()

    thread = threading.Thread(target=serve)
    thread.start()
    http = client_for(hub)
    assert error_of(http, f"https://127.0.0.1:{server.getsockname()[1]}/plugins.json").code == "tls"
    thread.join()
    server.close()
    http.close()


def make_certificate(folder: Path) -> Path:
    from datetime import UTC, datetime, timedelta

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(days=1))
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = folder / "server.pem"
    path.write_bytes(pem + builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    return path
