"""What operators and browsers see of the BFF whoever they are: signs of life, problems, headers."""

from __future__ import annotations

from pathlib import Path

import httpx
from bffdesk import Desk, open_desk


def test_a_process_that_is_up_says_so_and_is_ready_when_its_servers_answer(desk: Desk) -> None:
    assert httpx.get(f"{desk.url}/health").json()["status"] == "ok"
    ready = httpx.get(f"{desk.url}/ready")
    assert (ready.status_code, ready.json()) == (200, {"status": "ok", "postgresql": "ok", "redis": "ok"})


def test_without_redis_a_process_is_up_and_not_ready(postgres_url: str, tmp_path: Path) -> None:
    with open_desk(postgres_url, f"unix://{tmp_path}/nobody.sock", tmp_path) as desk:
        assert httpx.get(f"{desk.url}/health").status_code == 200
        ready = httpx.get(f"{desk.url}/ready")
    assert ready.status_code == 503
    assert ready.headers["content-type"] == "application/problem+json"
    assert ready.json()["detail"] == "no answer from: redis"


def test_requests_are_counted_by_the_template_of_their_route(desk: Desk) -> None:
    httpx.get(f"{desk.url}/health")
    httpx.get(f"{desk.url}/api/v1/some/secret/place")
    metrics = httpx.get(f"{desk.url}/metrics").text
    assert 'greenai_http_request_seconds_count{method="GET",route="/health",status="200"}' in metrics
    assert "secret" not in metrics


def test_what_there_is_not_is_a_problem_document_with_the_headers_of_all_answers(desk: Desk) -> None:
    answer = httpx.get(f"{desk.url}/api/v1/nothing", headers={"x-request-id": "from-a-proxy-1"})
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["title"] == "Not found"
    assert answer.headers["x-request-id"] == "from-a-proxy-1"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert "server" not in answer.headers or "uvicorn" not in answer.headers["server"]


def test_an_id_of_a_request_that_could_be_anything_is_not_taken(desk: Desk) -> None:
    answer = httpx.get(f"{desk.url}/health", headers={"x-request-id": "a b\tc<script>"})
    assert "script" not in answer.headers["x-request-id"]
    assert len(answer.headers["x-request-id"]) == 32
