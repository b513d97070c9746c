"""The port of a process, asked by real requests on the loopback interface."""

from __future__ import annotations

import http.client
import json
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from decimal import Decimal
from typing import Any

import pytest

from greenai.errors import UsageError
from greenai.telemetry import metrics
from greenai.telemetry.endpoint import Endpoint, Health, serve

Start = Callable[..., Endpoint]


@pytest.fixture
def start() -> Iterator[Start]:
    with ExitStack() as stack:
        yield lambda health=dict, **options: stack.enter_context(serve(0, health, **options))


def ask(endpoint: Endpoint, path: str, method: str = "GET") -> tuple[int, Mapping[str, str], bytes]:
    """Status, headers and body of one request."""
    connection = http.client.HTTPConnection("127.0.0.1", endpoint.port, timeout=5)
    try:
        connection.request(method, path)
        response = connection.getresponse()
        return response.status, dict(response.getheaders()), response.read()
    finally:
        connection.close()


def test_health_says_who_answers_since_when_and_what_the_process_adds(start: Start) -> None:
    endpoint = start(lambda: {"queue": "diff", "last": {"job": 7}}, component="diff_engine")
    assert endpoint.port > 0
    assert endpoint.url == f"http://127.0.0.1:{endpoint.port}"
    status, headers, body = ask(endpoint, "/health")
    said = json.loads(body)
    assert (status, headers["Content-Type"]) == (200, "application/json")
    assert said.pop("pid") > 0
    assert said.pop("since").endswith("Z")
    assert said == {"status": "ok", "component": "diff_engine", "queue": "diff", "last": {"job": 7}}


def failing() -> dict[str, object]:
    """A health that cannot be told, for a reason that must not be told."""
    raise RuntimeError("password=hunter2")


@pytest.mark.parametrize(
    ("health", "said"),
    [
        (lambda: {"status": "draining"}, {"status": "draining"}),
        (failing, {"status": "failed", "error_class": "RuntimeError"}),
        (lambda: None, {"status": "failed", "error_class": "AttributeError"}),
    ],
)
def test_unhealthy_is_503_with_the_reason_and_without_secrets(
    start: Start, health: Health, said: dict[str, Any]
) -> None:
    status, _, body = ask(start(health), "/health")
    assert status == 503
    assert said.items() <= json.loads(body).items()
    assert b"hunter2" not in body


def test_health_shows_no_secret_and_no_data_value_and_takes_odd_values(start: Start) -> None:
    said = {"store": "postgresql://m:hunter2@db/x", "value": "hunter2", "n": {"password": "hunter2"}}
    status, _, body = ask(start(lambda: {**said, "odd": Decimal(1), "inf": float("inf")}), "/health")
    assert status == 200
    assert b"hunter2" not in body
    assert json.loads(body)["inf"] == "inf"


def test_metrics_are_served_as_prometheus_reads_them(start: Start) -> None:
    metrics.QUEUE_DEPTH.labels(queue="served").set(4)
    status, headers, body = ask(start(), "/metrics?name=x")
    assert (status, headers["Content-Type"].split(";")[0]) == (200, "text/plain")
    assert 'greenai_queue_depth{queue="served"} 4.0' in body.decode().splitlines()
    assert b"process_resident_memory_bytes" in body


def test_head_has_the_headers_of_get_and_no_body(start: Start) -> None:
    endpoint = start()
    for path, expected in (("/health", 200), ("/metrics", 200), ("/no", 404)):
        status, headers, body = ask(endpoint, path, "HEAD")
        assert (status, body) == (expected, b"")
        assert int(headers["Content-Length"]) > 0


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [("GET", "/", 404), ("GET", "/health/x", 404), ("GET", "/%00", 404), ("POST", "/health", 405)],
)
def test_all_else_is_refused_without_repeating_it(
    start: Start, method: str, path: str, expected: int
) -> None:
    status, headers, body = ask(start(), f"{path}?hunter2", method)
    assert status == expected
    assert list(json.loads(body)) == ["error"]
    assert b"hunter2" not in body
    assert ("Allow" in headers) == (expected == 405)


def test_clients_that_dawdle_or_send_nonsense_do_not_block_others(
    start: Start, capfd: pytest.CaptureFixture[str]
) -> None:
    endpoint = start()
    with ExitStack() as stack:
        for start_of_request in [b"", b"GET /health HT", b"\xff\xfe\r\n\r\n"] * 7:
            client = stack.enter_context(socket.create_connection(("127.0.0.1", endpoint.port), timeout=5))
            client.sendall(start_of_request)
        began = time.monotonic()
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda path: ask(endpoint, path)[0], ["/health", "/metrics"] * 20))
    assert answers == [200] * 40
    assert time.monotonic() - began < 5
    assert capfd.readouterr() == ("", "")


def test_a_slow_health_does_not_hold_up_metrics(start: Start) -> None:
    def slow() -> dict[str, object]:
        time.sleep(1.5)
        return {}

    endpoint = start(slow)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(ask, endpoint, "/health")
        time.sleep(0.1)
        assert ask(endpoint, "/metrics")[0] == 200
        assert not waiting.done()
        assert waiting.result()[0] == 200


def test_stop_frees_the_port_at_once_and_twice_is_once() -> None:
    first = serve(0, dict)
    assert ask(first, "/health")[0] == 200
    silent = socket.create_connection(("127.0.0.1", first.port))
    first.stop()
    first.stop()
    with silent, pytest.raises(ConnectionRefusedError):
        ask(first, "/health")
    with serve(first.port, dict) as second:
        assert second.port == first.port
        assert ask(second, "/health")[0] == 200


def test_a_port_that_is_taken_or_impossible_is_told_with_what_to_do(start: Start) -> None:
    taken = start().port
    for port, host in ((taken, "127.0.0.1"), (70_000, "127.0.0.1"), (0, "203.0.113.1")):
        with pytest.raises(UsageError, match="cannot listen on") as caught:
            serve(port, dict, host=host)
        assert "GREENAI_METRICS_PORT" in (caught.value.remedy or "")


def test_the_address_can_be_chosen(start: Start) -> None:
    assert start(host="0.0.0.0").url.startswith("http://0.0.0.0:")


def ipv6_here() -> bool:
    """Whether this machine has an IPv6 loopback address; containers often have none."""
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


@pytest.mark.skipif(not ipv6_here(), reason="no IPv6 on this machine")
def test_the_address_can_be_one_of_ipv6(start: Start) -> None:
    endpoint = start(host="::1")
    with socket.create_connection(("::1", endpoint.port), timeout=5) as client:
        client.sendall(b"GET /health HTTP/1.0\r\n\r\n")
        assert client.recv(100).startswith(b"HTTP/1.0 200")
    assert endpoint.url == f"http://[::1]:{endpoint.port}"
