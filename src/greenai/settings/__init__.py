"""The only reader of the environment. Read once when a process starts, and handed down."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from greenai.errors import UsageError
from greenai.settings.values import (
    BFF_GROUPS,
    MOST_PORT,
    MOST_THREADS,
    bff_groups,
    duration,
    file_path,
    handle_number,
    home_folder,
    job_size,
    log_level,
    memory_size,
    port_number,
    redis_address,
    roles_of_groups,
    signing_secret,
    thread_count,
    web_address,
    whole_number,
    workspace_folder,
    yes_or_no,
)

NONE, EMBEDDED = "none", "embedded"
"""What ``--store`` may say instead of a URL: files only, or the server that greenai runs itself."""

WEBHOOK_URL = "GREENAI_WEBHOOK_URL_"


@dataclass(frozen=True, slots=True)
class Settings:
    """What the environment says. Options given on the command line come before it."""

    memory: str | None = None
    """``GREENAI_MEMORY``: memory limit of the table engine, e.g. ``2GB``."""
    threads: int | None = None
    """``GREENAI_THREADS``: threads of the table engine."""
    temporary: Path | None = None
    """``GREENAI_TEMP``: folder to spill to; the system's temporary folder by default."""
    colour: bool | None = None
    """``NO_COLOR`` set: False. ``FORCE_COLOR`` set: True. Else None: colour on terminals."""
    home: Path | None = None
    """``GREENAI_HOME``, else the folder for this user's data: where the embedded database lives. None only
    where the environment was not read."""
    database_url: str | None = field(default=None, repr=False)
    """``GREENAI_DATABASE_URL``: the store when ``--store`` is not given. May hold a password."""
    redis_url: str | None = field(default=None, repr=False)
    """``GREENAI_REDIS_URL``: the Redis of the platform; else `greenai up` runs one. May hold a password."""
    workspace: Path | None = None
    """``GREENAI_WORKSPACE``, else the folder ``workspace`` in `home`: where stages hand over their work."""
    metrics_port: int = 0
    """``GREENAI_METRICS_PORT``: where a process serves /health and /metrics; 0 for nowhere."""
    metrics_host: str = "127.0.0.1"
    """``GREENAI_METRICS_HOST``: the address it listens on; whoever reaches it may read, without log-in."""
    log_level: str = "INFO"
    """``GREENAI_LOG_LEVEL``: the least level that is logged, one of `values.LOG_LEVELS`."""
    largest_job: int | None = None
    """``GREENAI_LARGEST_JOB``: an engine leaves runs with more bytes of input to its other copies."""
    stage_limit: float | None = 6 * 3600.0
    """``GREENAI_STAGE_LIMIT``: seconds that a stage of a run may take before it is tried again; None: any."""
    smtp_url: str | None = field(default=None, repr=False)
    """``GREENAI_SMTP_URL``: the mail server of notices. May hold a password."""
    webhooks: Mapping[str, str] = field(default_factory=dict, repr=False)
    """``GREENAI_WEBHOOK_URL_NAME``: the addresses of webhooks by NAME. They may hold secrets."""
    webhook_secret: str | None = field(default=None, repr=False)
    """``GREENAI_WEBHOOK_SECRET``: what messages to webhooks are signed with."""
    bff: frozenset[str] = frozenset(BFF_GROUPS)
    """``GREENAI_BFF``: which routes this BFF serves, one of `BFF_GROUPS`; all unless set."""
    bff_host: str = "127.0.0.1"
    """``GREENAI_BFF_HOST``: the address that the BFF listens on."""
    bff_port: int = 8765
    """``GREENAI_BFF_PORT``: the port that the BFF listens on."""
    bff_workers: int = 1
    """``GREENAI_BFF_WORKERS``: processes that answer requests on that port."""
    secure: bool = False
    """``GREENAI_SECURE``: browsers come by HTTPS only: cookies and headers say so."""
    rate_limit: int = 3000
    """``GREENAI_RATE_LIMIT``: requests a minute of one caller; 0 for any number."""
    secret: str | None = field(default=None, repr=False)
    """``GREENAI_SECRET``: what greenai signs with; a random one in `home` unless set. All machines of one
    platform have the same."""
    public_url: str | None = None
    """``GREENAI_PUBLIC_URL``: where browsers find the BFF, where that is not its own host and port."""
    session_idle: int = 30
    """``GREENAI_SESSION_IDLE``: minutes without a request after which a session ends."""
    session_hours: int = 12
    """``GREENAI_SESSION_HOURS``: hours after which a session ends whatever is done in it."""
    login_failures: int = 10
    """``GREENAI_LOGIN_FAILURES``: failed logins in a row that lock an account."""
    lock_minutes: int = 30
    """``GREENAI_LOCK_MINUTES``: how long it stays locked unless an administrator unlocks it."""
    oidc_issuer: str | None = None
    """``GREENAI_OIDC_ISSUER``: the OpenID Connect provider to log in by."""
    oidc_client_id: str | None = None
    """``GREENAI_OIDC_CLIENT_ID``: as whom the provider knows greenai."""
    oidc_client_secret: str | None = field(default=None, repr=False)
    """``GREENAI_OIDC_CLIENT_SECRET``: how greenai proves it to the provider."""
    oidc_groups: str = "groups"
    """``GREENAI_OIDC_GROUPS``: the claim that holds a person's groups."""
    oidc_roles: tuple[tuple[str, str, str | None], ...] = ()
    """``GREENAI_OIDC_ROLES``: group, role and recon (None: all), written
    ``ops=analyst:fx_trades,risk=manager``."""
    audit_key: Path | None = None
    """``GREENAI_AUDIT_KEY``: the PEM file of the key that signs heads of the audit; else one in `home`."""
    audit_anchor: Path | None = None
    """``GREENAI_AUDIT_ANCHOR``: the file that signed heads are added to; else one in `home`."""
    audit_webhook: str | None = field(default=None, repr=False)
    """``GREENAI_AUDIT_WEBHOOK``: an address that signed heads are sent to as well. May hold a secret."""
    lifeline: int | None = None
    """``GREENAI_LIFELINE``: a pipe that ends when the supervisor does; only it sets this."""


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Settings from the environment. Raises UsageError for a value that makes no sense."""
    env = os.environ if environment is None else environment
    memory = env.get("GREENAI_MEMORY")
    threads = env.get("GREENAI_THREADS")
    temporary = env.get("GREENAI_TEMP")
    if temporary is not None and not Path(temporary).is_dir():
        raise UsageError(
            "GREENAI_TEMP is not a folder", value=temporary, remedy="create it or unset GREENAI_TEMP"
        )
    home = home_folder(env)
    colour = False if env.get("NO_COLOR") else True if env.get("FORCE_COLOR") else None
    return Settings(
        memory=memory_size(memory, "GREENAI_MEMORY") if memory else None,
        threads=thread_count(threads, "GREENAI_THREADS") if threads is not None else None,
        temporary=Path(temporary) if temporary else None,
        colour=colour,
        home=home,
        database_url=env.get("GREENAI_DATABASE_URL") or None,
        redis_url=redis_address(env["GREENAI_REDIS_URL"]) if env.get("GREENAI_REDIS_URL") else None,
        workspace=workspace_folder(env.get("GREENAI_WORKSPACE"), home),
        metrics_port=port_number(env.get("GREENAI_METRICS_PORT") or "0", "GREENAI_METRICS_PORT"),
        metrics_host=env.get("GREENAI_METRICS_HOST") or "127.0.0.1",
        log_level=log_level(env.get("GREENAI_LOG_LEVEL") or "INFO", "GREENAI_LOG_LEVEL"),
        largest_job=job_size(env.get("GREENAI_LARGEST_JOB")),
        stage_limit=duration(env.get("GREENAI_STAGE_LIMIT") or "6h", "GREENAI_STAGE_LIMIT"),
        smtp_url=env.get("GREENAI_SMTP_URL") or None,
        webhooks={name.removeprefix(WEBHOOK_URL): env[name] for name in env if name.startswith(WEBHOOK_URL)},
        webhook_secret=env.get("GREENAI_WEBHOOK_SECRET") or None,
        bff=bff_groups(env.get("GREENAI_BFF")),
        bff_host=env.get("GREENAI_BFF_HOST") or "127.0.0.1",
        bff_port=port_number(env.get("GREENAI_BFF_PORT") or "8765", "GREENAI_BFF_PORT"),
        bff_workers=whole_number(env.get("GREENAI_BFF_WORKERS") or "1", "GREENAI_BFF_WORKERS", 1, 64),
        secure=yes_or_no(env.get("GREENAI_SECURE"), "GREENAI_SECURE"),
        rate_limit=whole_number(env.get("GREENAI_RATE_LIMIT") or "3000", "GREENAI_RATE_LIMIT", 0, 10**6),
        secret=signing_secret(env),
        public_url=web_address(env.get("GREENAI_PUBLIC_URL"), "GREENAI_PUBLIC_URL"),
        session_idle=whole_number(env.get("GREENAI_SESSION_IDLE") or "30", "GREENAI_SESSION_IDLE", 1, 1440),
        session_hours=whole_number(env.get("GREENAI_SESSION_HOURS") or "12", "GREENAI_SESSION_HOURS", 1, 168),
        login_failures=whole_number(
            env.get("GREENAI_LOGIN_FAILURES") or "10", "GREENAI_LOGIN_FAILURES", 3, 100
        ),
        lock_minutes=whole_number(env.get("GREENAI_LOCK_MINUTES") or "30", "GREENAI_LOCK_MINUTES", 1, 10_080),
        oidc_issuer=web_address(env.get("GREENAI_OIDC_ISSUER"), "GREENAI_OIDC_ISSUER"),
        oidc_client_id=env.get("GREENAI_OIDC_CLIENT_ID") or None,
        oidc_client_secret=env.get("GREENAI_OIDC_CLIENT_SECRET") or None,
        oidc_groups=env.get("GREENAI_OIDC_GROUPS") or "groups",
        oidc_roles=roles_of_groups(env.get("GREENAI_OIDC_ROLES")),
        audit_key=file_path(env.get("GREENAI_AUDIT_KEY"), "GREENAI_AUDIT_KEY"),
        audit_anchor=file_path(env.get("GREENAI_AUDIT_ANCHOR"), "GREENAI_AUDIT_ANCHOR"),
        audit_webhook=env.get("GREENAI_AUDIT_WEBHOOK") or None,
        lifeline=handle_number(env.get("GREENAI_LIFELINE")),
    )


def shared_metrics() -> str | None:
    """The folder in which worker processes of one port share their metrics; None for a single process."""
    return os.environ.get("PROMETHEUS_MULTIPROC_DIR")


def store_url(option: str | None, settings: Settings) -> str:
    """Where results are stored: a PostgreSQL URL, `NONE` or `EMBEDDED`; `option` comes first.

    Raises UsageError for anything else; the value is not repeated, because it may hold a password.
    """
    given, name = (
        (option, "--store") if option is not None else (settings.database_url, "GREENAI_DATABASE_URL")
    )
    if given is None or given == EMBEDDED:
        return EMBEDDED
    if given == NONE or given.startswith(("postgresql://", "postgres://")):
        return given
    raise UsageError(
        f"{name} is no PostgreSQL URL", remedy="write postgresql://user@host:5432/database, embedded or none"
    )


def passed_on(settings: Settings, environment: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of a process that is to have these settings; what else is set stays set.

    Settings of None are unset. The lifeline is for the supervisor to give.
    """
    env = dict(os.environ if environment is None else environment)
    given = {
        "GREENAI_HOME": settings.home,
        "GREENAI_DATABASE_URL": settings.database_url,
        "GREENAI_REDIS_URL": settings.redis_url,
        "GREENAI_WORKSPACE": settings.workspace,
        "GREENAI_METRICS_PORT": settings.metrics_port,
        "GREENAI_METRICS_HOST": settings.metrics_host,
        "GREENAI_LOG_LEVEL": settings.log_level,
        "GREENAI_LARGEST_JOB": settings.largest_job,
        "GREENAI_BFF": None if len(settings.bff) > 1 else next(iter(settings.bff)),
        "GREENAI_BFF_HOST": settings.bff_host,
        "GREENAI_BFF_PORT": settings.bff_port,
        "GREENAI_BFF_WORKERS": settings.bff_workers,
        "GREENAI_SECURE": 1 if settings.secure else None,
        "GREENAI_RATE_LIMIT": settings.rate_limit,
        "GREENAI_LIFELINE": None,
    }
    for name, value in given.items():
        env.pop(name, None)
        if value is not None:
            env[name] = str(value)
    return env


__all__ = [
    "EMBEDDED",
    "MOST_PORT",
    "MOST_THREADS",
    "NONE",
    "Settings",
    "memory_size",
    "passed_on",
    "read_settings",
    "roles_of_groups",
    "shared_metrics",
    "store_url",
    "thread_count",
    "web_address",
]
