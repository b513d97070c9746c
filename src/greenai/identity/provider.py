"""An OpenID Connect provider: where it is, its keys, and what its ID tokens say once they are verified."""

from __future__ import annotations

import threading
import time
import warnings
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from greenai.errors import AuthenticationError, PlatformError, UsageError
from greenai.settings import Settings, web_address

if TYPE_CHECKING:
    from joserfc.jwt import Token

ALGORITHMS: Final = (
    *("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    *("ES256", "ES384", "ES512", "EdDSA", "Ed25519"),
)
"""Signatures with a private key that only the provider has. Never `none`, and none with a shared secret:
the public key would be taken for one."""
KEPT: Final = 600.0
"""Seconds for which the provider's addresses and keys are not asked for again."""
RENEWED: Final = 10.0
"""Seconds between two looks for a key that is not known."""
PATIENCE: Final = 10.0
LEEWAY: Final = 60
"""Seconds by which two clocks may differ."""
LARGEST: Final = 1_000_000
"""Bytes of what a provider may answer."""


@dataclass
class Provider:
    """The provider that the settings name; one for a process."""

    settings: Settings
    _metadata: dict[str, Any] = field(default_factory=dict)
    _keys: dict[str, Any] = field(default_factory=dict)
    _metadata_at: float = -KEPT
    _keys_at: float = -KEPT
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def redirect_uri(self) -> str:
        """Where the provider sends people back to."""
        settings = self.settings
        base = settings.public_url or f"http://{settings.bff_host}:{settings.bff_port}"
        return f"{base.rstrip('/')}/api/v1/oidc/callback"

    @property
    def issuer(self) -> str:
        """Its name. Raises UsageError where none is set."""
        if self.settings.oidc_issuer is None or self.settings.oidc_client_id is None:
            raise UsageError(
                "no OpenID Connect provider is set",
                remedy="set GREENAI_OIDC_ISSUER and GREENAI_OIDC_CLIENT_ID",
            )
        return self.settings.oidc_issuer

    def metadata(self) -> dict[str, Any]:
        """What it publishes of itself. Raises PlatformError when it cannot be reached or is another."""
        with self._lock:
            if time.monotonic() - self._metadata_at > KEPT:
                found = self._get(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
                if found.get("issuer") != self.issuer:
                    raise PlatformError(
                        "the OpenID Connect provider calls itself otherwise",
                        remedy="set GREENAI_OIDC_ISSUER to exactly its `issuer`",
                    )
                for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
                    _address(found, name)
                self._metadata, self._metadata_at = found, time.monotonic()
            return self._metadata

    def authorization_url(self, *, state: str, nonce: str, verifier: str) -> str:
        """Where to send a person to sign in."""
        with self._client() as client:
            url, _ = client.create_authorization_url(
                self.metadata()["authorization_endpoint"], state=state, nonce=nonce, code_verifier=verifier
            )
        return str(url)

    def claims(self, code: str, *, nonce: str, verifier: str) -> dict[str, Any]:
        """The claims of the ID token that a code is exchanged for, verified.

        Raises AuthenticationError for a code or a token that does not hold, PlatformError when the provider
        cannot be reached.
        """
        from authlib.common.errors import AuthlibBaseError
        from httpx import HTTPError

        endpoint = self.metadata()["token_endpoint"]
        try:
            with self._client() as client:
                token = client.fetch_token(
                    endpoint, code=code, code_verifier=verifier, grant_type="authorization_code"
                )
        except AuthlibBaseError as error:
            raise refused(f"the provider does not take the code ({error.error})") from None
        except (HTTPError, ValueError) as error:
            raise unreachable(error) from None
        if not isinstance(token, dict) or not isinstance(token.get("id_token"), str):
            raise refused("the provider gave no ID token")
        return self.verified(token["id_token"], nonce=nonce, access_token=token.get("access_token"))

    def verified(self, id_token: str, *, nonce: str, access_token: str | None) -> dict[str, Any]:
        """The claims of an ID token (OpenID Connect Core, section 3.1.3.7). Raises AuthenticationError."""
        from authlib.oidc.core import CodeIDToken
        from joserfc.errors import JoseError

        try:
            token = self._decoded(id_token)
            claims = CodeIDToken(
                token.claims,
                token.header,
                {
                    "iss": {"essential": True, "value": self.issuer},
                    "aud": {"essential": True, "value": self.settings.oidc_client_id},
                    "sub": {"essential": True},
                    "exp": {"essential": True},
                    "iat": {"essential": True},
                    "nonce": {"essential": True, "value": nonce},
                },
                {"nonce": nonce, "client_id": self.settings.oidc_client_id, "access_token": access_token},
            )
            claims.validate(leeway=LEEWAY)
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise refused(f"its ID token does not hold: {type(error).__name__}") from None
        return dict(claims)

    def _decoded(self, id_token: str) -> Token:
        from joserfc import jwt
        from joserfc.errors import InvalidKeyIdError
        from joserfc.jwk import KeySet
        from joserfc.jws import JWSRegistry

        registry = JWSRegistry(algorithms=list(ALGORITHMS), strict_check_header=False)
        try:
            return jwt.decode(id_token, KeySet.import_key_set(self._key_set(KEPT)), registry=registry)
        except InvalidKeyIdError:  # it may have begun to sign with another one
            return jwt.decode(id_token, KeySet.import_key_set(self._key_set(RENEWED)), registry=registry)

    def _key_set(self, age: float) -> Any:
        uri = self.metadata()["jwks_uri"]
        with self._lock:
            if time.monotonic() - self._keys_at > age:
                self._keys, self._keys_at = self._get(uri), time.monotonic()
            return self._keys

    def _client(self) -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of the httpx that it is to be used with
            from authlib.integrations.httpx_client import OAuth2Client

        return OAuth2Client(
            client_id=self.settings.oidc_client_id,
            client_secret=self.settings.oidc_client_secret,
            scope="openid profile email",
            redirect_uri=self.redirect_uri,
            code_challenge_method="S256",
            timeout=PATIENCE,
        )

    def _get(self, url: str) -> dict[str, Any]:
        import httpx

        try:
            with httpx.Client(timeout=PATIENCE) as client, client.stream("GET", url) as answer:
                answer.raise_for_status()
                body = b""
                for chunk in answer.iter_bytes():
                    body += chunk
                    if len(body) > LARGEST:
                        raise ValueError("too large")
            import json

            document = json.loads(body)
            if not isinstance(document, dict):
                raise ValueError("no object")
        except (httpx.HTTPError, ValueError) as error:
            raise unreachable(error) from None
        return document


def _address(metadata: dict[str, Any], name: str) -> None:
    """Raise PlatformError for an address that secrets would be sent to in the clear."""
    try:
        found = web_address(metadata.get(name), name)
    except (UsageError, TypeError):
        found = None
    if found is None:
        raise PlatformError(
            f"the OpenID Connect provider has no usable {name}", remedy="see what it publishes of itself"
        )


def refused(why: str) -> AuthenticationError:
    """The error of a login that the provider does not vouch for."""
    return AuthenticationError(f"the login by the provider was refused: {why}", remedy="sign in again")


def unreachable(error: Exception) -> PlatformError:
    """The error of a provider that does not answer as one does."""
    return PlatformError(
        f"the OpenID Connect provider does not answer: {type(error).__name__}",
        remedy="check GREENAI_OIDC_ISSUER, and that this machine can reach it",
    )
