"""Statistics for dashboards, from the cache with PostgreSQL behind it."""

from __future__ import annotations

from typing import Any

from greenai.bff.deps import CallerDep, PlatformDep, Reading, requires
from greenai.bff.platform import Platform
from greenai.bff.router import new_router
from greenai.bff.schemas.statistics import (
    Ageing,
    Backlog,
    Causes,
    NamedWorkload,
    Overview,
    Rates,
    ReconOverview,
    ReconWorkload,
    Totals,
    ValueAtRisk,
    Workload,
)
from greenai.jobs.figures import shared
from greenai.pipeline.statistics import STATISTICS
from greenai.store import statistics
from greenai.store.naming import recon_number

router = new_router("statistics")


@router.get("/statistics/overview", dependencies=[requires("statistics.read")])
def read_overview(connection: Reading, platform: PlatformDep, caller: CallerDep) -> Overview:
    """All recons that the caller may read, each in one row."""
    found = statistics.recons(connection, caller.recons("statistics.read"))
    return Overview(
        recons=[
            ReconOverview(recon=name, **_figures(connection, platform, number, "overview"))
            for number, name in found
        ]
    )


@router.get("/statistics/workload", dependencies=[requires("statistics.read")])
def read_workload(connection: Reading, platform: PlatformDep, caller: CallerDep) -> Workload:
    """Who has how much to do, in all recons that the caller may read."""
    found = statistics.recons(connection, caller.recons("statistics.read"))
    return Workload(
        recons=[
            NamedWorkload(recon=name, **_figures(connection, platform, number, "workload"))
            for number, name in found
        ]
    )


@router.get("/recons/{recon}/statistics/workload", dependencies=[requires("statistics.read")])
def read_recon_workload(connection: Reading, platform: PlatformDep, recon: str) -> ReconWorkload:
    """Who has how much to do in a recon."""
    return ReconWorkload(**_of(connection, platform, recon, "workload"))


@router.get("/recons/{recon}/statistics/rates", dependencies=[requires("statistics.read")])
def read_rates(connection: Reading, platform: PlatformDep, recon: str) -> Rates:
    """Match and auto-pass rates by run, the latest business date first, of a year at most."""
    return Rates(**_of(connection, platform, recon, "rates"))


@router.get("/recons/{recon}/statistics/ageing", dependencies=[requires("statistics.read")])
def read_ageing(connection: Reading, platform: PlatformDep, recon: str) -> Ageing:
    """Open breaks by age."""
    return Ageing(**_of(connection, platform, recon, "ageing"))


@router.get("/recons/{recon}/statistics/causes", dependencies=[requires("statistics.read")])
def read_causes(connection: Reading, platform: PlatformDep, recon: str) -> Causes:
    """The causes that explained most in the latest runs, over time."""
    return Causes(**_of(connection, platform, recon, "causes"))


@router.get("/recons/{recon}/statistics/totals", dependencies=[requires("statistics.read")])
def read_totals(connection: Reading, platform: PlatformDep, recon: str) -> Totals:
    """Totals by currency: of both sides by the latest run, and of breaks by state."""
    return Totals(**_of(connection, platform, recon, "totals"))


@router.get("/recons/{recon}/statistics/value-at-risk", dependencies=[requires("statistics.read")])
def read_value_at_risk(connection: Reading, platform: PlatformDep, recon: str) -> ValueAtRisk:
    """What open breaks put at stake, by currency and by reason."""
    return ValueAtRisk(**_of(connection, platform, recon, "value-at-risk"))


@router.get("/recons/{recon}/statistics/backlog", dependencies=[requires("statistics.read")])
def read_backlog(connection: Reading, platform: PlatformDep, recon: str) -> Backlog:
    """Open breaks against their due times."""
    return Backlog(**_of(connection, platform, recon, "backlog"))


def _of(connection: Any, platform: Platform, recon: str, what: str) -> dict[str, Any]:
    return _figures(connection, platform, recon_number(connection, recon), what)


def _figures(connection: Any, platform: Platform, recon_id: int, what: str) -> dict[str, Any]:
    return shared(platform.redis).get(recon_id, what, lambda: STATISTICS[what](connection, recon_id))
