"""A small OpenID Connect provider on loopback, as a process of its own: authorisation code with PKCE.

It signs with a real RSA key and checks what a provider checks: client, secret, redirect URI, verifier, that
a code is used once. Everybody is signed in at once as the person that was told last (POST /person). A fault
(POST /fault) makes it, or who pretends to be it, answer what must not be believed.

``python openid_provider.py PORT``; it says ``ready`` when it listens.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import json
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "greenai", "the secret of greenai at the provider"


@dataclass
class Provider:
    """The provider as tests speak to it."""

    url: str

    def person(self, subject: str, **claims: Any) -> None:
        """Sign everybody in as this one from now on."""
        httpx.post(f"{self.url}/person", json={"sub": subject, **claims}, trust_env=False)

    def fault(self, kind: str | None) -> None:
        """Answer wrongly from now on; None: rightly again."""
        httpx.post(f"{self.url}/fault", json={"kind": kind}, trust_env=False)


@contextlib.contextmanager
def running_provider() -> Iterator[Provider]:
    """A provider on a free port, ended after the block."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, str(Path(__file__)), str(port)], stdout=subprocess.PIPE, encoding="utf-8"
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "ready"
        yield Provider(f"http://127.0.0.1:{port}")
    finally:
        process.terminate()
        process.wait(timeout=10)


def base64_of(content: bytes) -> str:
    """As parts of tokens are written."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


class State:
    """What the provider knows."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer
        self.key = RSAKey.generate_key(2048, {"kid": "first", "use": "sig", "alg": "RS256"})
        self.stranger = RSAKey.generate_key(2048, {"kid": "first", "use": "sig", "alg": "RS256"})
        self.codes: dict[str, dict[str, Any]] = {}
        self.person: dict[str, Any] = {"sub": "1"}
        self.fault: str | None = None

    def id_token(self, asked: dict[str, Any], access_token: str) -> str:
        """The signed claims about the person, as the fault wants them."""
        now = int(time.time())
        digest = hashlib.sha256(access_token.encode()).digest()[:16]
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
            "at_hash": base64_of(digest),
            **asked["person"],
        }
        claims |= {
            "nonce": {"nonce": "another"},
            "issuer": {"iss": "https://elsewhere.example.org"},
            "audience": {"aud": "another client"},
            "audiences": {"aud": [CLIENT, "another"], "azp": "another"},
            "expired": {"exp": now - 3600, "iat": now - 7200},
            "at_hash": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
            "subject": {"sub": ""},
            "future": {"iat": now + 7200, "nbf": now + 7200, "exp": now + 9000},
        }.get(self.fault or "", {})
        for name in {"no_nonce": ["nonce"], "no_expiry": ["exp"], "no_subject": ["sub"]}.get(
            self.fault or "", []
        ):
            del claims[name]
        if self.fault == "none":
            head = {"alg": "none", "typ": "JWT"}
            return ".".join((*(base64_of(json.dumps(part).encode()) for part in (head, claims)), ""))
        if self.fault == "symmetric":  # signed with what everybody knows, said to be a shared secret
            text = ".".join(base64_of(json.dumps(part).encode()) for part in ({"alg": "HS256"}, claims))
            return f"{text}.{base64_of(hmac.digest(self.key.as_pem(private=False), text.encode(), 'sha256'))}"
        if self.fault == "stranger":
            return jwt.encode({"alg": "RS256", "kid": "first"}, claims, self.stranger)
        if self.fault == "unknown_key":
            return jwt.encode({"alg": "RS256", "kid": "nobody's"}, claims, self.stranger)
        if self.fault == "tampered":
            head, body, signature = jwt.encode({"alg": "RS256", "kid": "first"}, claims, self.key).split(".")
            claims["sub"] = "somebody else"
            body = base64_of(json.dumps(claims).encode())
            return f"{head}.{body}.{signature}"
        return jwt.encode({"alg": "RS256", "kid": str(self.key.kid)}, claims, self.key)


class Handler(BaseHTTPRequestHandler):
    """The endpoints."""

    server: Server

    def do_GET(self) -> None:
        """Metadata, keys, authorisation."""
        state, url = self.server.state, urlsplit(self.path)
        if url.path == "/.well-known/openid-configuration":
            plain = "http://elsewhere.example.org/token" if state.fault == "plain_http" else None
            self.answer(
                {
                    "issuer": "https://elsewhere.example.org" if state.fault == "metadata" else state.issuer,
                    "authorization_endpoint": f"{state.issuer}/authorize",
                    "token_endpoint": plain or f"{state.issuer}/token",
                    "jwks_uri": f"{state.issuer}/keys",
                    "authorization_response_iss_parameter_supported": True,
                    "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
                }
            )
        elif url.path == "/keys":
            self.answer({"keys": [state.key.as_dict(private=False)]})
        elif url.path == "/authorize":
            asked = {name: values[0] for name, values in parse_qs(url.query).items()}
            expected = {"response_type": "code", "client_id": CLIENT, "code_challenge_method": "S256"}
            assert expected.items() <= asked.items()
            assert "openid" in asked["scope"].split()
            code = secrets.token_urlsafe(16)
            state.codes[code] = {**asked, "person": dict(state.person)}
            back = {"code": code, "state": asked["state"], "iss": state.issuer}
            back |= {
                "mix_up": {"iss": "https://elsewhere.example.org"},
                "denied": {"error": "access_denied"},
            }.get(state.fault or "", {})
            self.send_response(302)
            self.send_header("location", f"{asked['redirect_uri']}?{urlencode(back)}")
            self.end_headers()

    def do_POST(self) -> None:
        """Tokens; and what tests say."""
        state = self.server.state
        body = self.rfile.read(int(self.headers.get("content-length", 0))).decode()
        if self.path == "/person":
            state.person = json.loads(body)
            self.answer({})
        elif self.path == "/fault":
            state.fault = json.loads(body)["kind"]
            if state.fault == "new_key":
                state.key = RSAKey.generate_key(2048, {"kid": "second", "use": "sig", "alg": "RS256"})
            self.answer({})
        elif self.path == "/token":
            given = {name: values[0] for name, values in parse_qs(body).items()}
            asked = state.codes.pop(given.get("code", ""), None)
            credentials = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
            challenge = hashlib.sha256(given.get("code_verifier", "").encode()).digest()
            if self.headers.get("authorization") != f"Basic {credentials}":
                self.answer({"error": "invalid_client"}, 401)
            elif (
                asked is None
                or given.get("redirect_uri") != asked["redirect_uri"]
                or base64_of(challenge) != asked["code_challenge"]
            ):
                self.answer({"error": "invalid_grant"}, 400)
            elif state.fault == "down":
                self.answer({}, 500)
            else:
                access = secrets.token_urlsafe(16)
                token = {"access_token": access, "token_type": "Bearer", "expires_in": 300}
                if state.fault != "no_id_token":
                    token["id_token"] = state.id_token(asked, access)
                self.answer(token)

    def answer(self, document: dict[str, Any], status: int = 200) -> None:
        """Send JSON."""
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: Any) -> None:
        """Say nothing."""


class Server(ThreadingHTTPServer):
    """Listens on a port of loopback."""

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.state = State(f"http://127.0.0.1:{port}")


if __name__ == "__main__":
    with Server(int(sys.argv[1])) as server:
        print("ready", flush=True)
        server.serve_forever()
