"""The scheduler: rings doorbells, submits what is due, and sees to it that people are told.

Of several one leads, whoever holds an advisory lock; the others wait for its session to end. All that a
leader does goes through the session that holds the lock: one that lost it cannot do anything any more.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Final

from greenai.domain.jobs import ENGINES
from greenai.errors import StoreError
from greenai.jobs.accounts import Accounts, close
from greenai.jobs.relay import relay, ring_again
from greenai.jobs.upkeep import tend
from greenai.jobs.worker import bury
from greenai.pipeline.due_runs import Happening, Submit, Watch, note_due, submit_arrived, tell_ends
from greenai.pipeline.looking import Lookers
from greenai.pipeline.notifying import Ways, deliver
from greenai.pipeline.submission import submit as submit_run
from greenai.store import jobs, schedules
from greenai.store.database import connect
from greenai.telemetry.metrics import QUEUE_DEPTH

if TYPE_CHECKING:
    import psycopg

    from greenai.jobs.anchoring import Anchoring
    from greenai.jobs.doorbells import Doorbells

    Connection = psycopg.Connection[Any]

LEADING: Final = int.from_bytes(b"gs", "big") << 48
"""The lock of the scheduler that leads."""
BEAT: Final = 1.0
"""Seconds between two looks at schedules, at an outbox of which nobody told, and between two attempts to
lead or to connect."""
TENDING: Final = 5.0
"""Seconds between two looks at due times, overdue breaks and runs that were not counted."""
STILL: Final = "15s"
"""A leader of which nothing is heard for so long, because it was stopped, loses its session and with it the
lead."""
Tell = Callable[..., None]
"""`greenai.telemetry.logs.event`."""


class Scheduler:
    """One scheduler. `serve` works until `stop`."""

    def __init__(
        self,
        url: str,
        doorbells: Doorbells,
        *,
        ways: Ways,
        tell: Tell,
        anchoring: Anchoring | None = None,
        submit: Submit = submit_run,
    ) -> None:
        self._url = url
        self._doorbells = doorbells
        self._ways = ways
        self._tell = tell
        self._submit = submit
        self._anchoring = anchoring
        self._ending = threading.Event()
        # Kept over many leads: a folder that hangs holds one thread, not one for each time.
        self._lookers = Lookers()
        self.leading = False
        """Whether this one leads."""
        self.beaten_at = time.monotonic()
        """When the loop came round last (`time.monotonic`)."""

    def stop(self) -> None:
        """End after what is being done."""
        self._ending.set()

    def serve(self) -> None:
        """Lead, or wait until the leader is gone; beside that ring, send notices, and count while leading.

        Trouble with the store is waited out.
        """
        beside = [
            threading.Thread(target=self._kept, args=(work,), name=f"greenai-{name}", daemon=True)
            for name, work in (
                ("doorbells", self._ring),
                ("notices", self._send),
                ("accounts", self._keep),
                ("upkeep", self._tend),
                *((("anchors", self._anchor),) if self._anchoring is not None else ()),
            )
        ]
        for thread in beside:
            thread.start()
        self._kept(self._lead)
        for thread in beside:
            thread.join(timeout=30.0)

    def _kept(self, work: Callable[[Connection], None]) -> None:
        """Do some work over a connection until the end; a connection that is lost is made again."""
        import psycopg

        while not self._ending.is_set():
            try:
                with connect(self._url, autocommit=True) as connection:
                    work(connection)
            except (StoreError, psycopg.Error) as error:
                self._tell("store_lost", level="warning", error=error)
            except Exception as error:  # a bug stops one look, not all
                self._tell("look_failed", level="error", error=error)
            self._ending.wait(BEAT)

    def _ring(self, connection: Connection) -> None:
        # All may do this at once: each entry goes to one of them, and to ring twice does no harm.
        connection.execute(b"LISTEN greenai_outbox")
        again_at = 0.0
        while not self._ending.is_set():
            relay(connection, self._doorbells)
            if time.monotonic() >= again_at:
                again_at = time.monotonic() + BEAT
                for engine in ring_again(connection, self._doorbells):
                    self._tell("rung_again", engine=engine)
            # No doorbell is to be late: whoever fills the outbox wakes this at once.
            for _ in connection.notifies(timeout=BEAT, stop_after=1):
                pass

    def _lead(self, connection: Connection) -> None:
        while not self._lock(connection):
            self.beaten_at = time.monotonic()
            if self._ending.wait(BEAT):
                return
        self._tell("leading")
        self.leading = True
        try:
            watch = Watch(self._lookers.look)
            while not self._ending.is_set():
                self._beat(connection, watch)
                self.beaten_at = time.monotonic()
                self._ending.wait(BEAT)
        finally:
            self.leading = False
            close()

    def _lock(self, connection: Connection) -> bool:
        connection.execute(f"SET idle_session_timeout = '{STILL}'".encode())
        connection.execute(f"SET idle_in_transaction_session_timeout = '{STILL}'".encode())
        row = connection.execute("SELECT pg_try_advisory_lock(%s)", [LEADING]).fetchone()
        return row is not None and bool(row[0])

    def _beat(self, connection: Connection, watch: Watch) -> None:
        """One look at everything."""
        for job in bury(connection):
            self._tell("job_given_up", level="error", job=job)
        for job in jobs.expel(connection):
            self._tell("session_ended", level="warning", job=job)
        depth = jobs.depth(connection)
        for engine in ENGINES:
            QUEUE_DEPTH.labels(engine).set(depth.get((engine, "waiting"), 0))
        now = schedules.now(connection)
        self._log(note_due(connection, watch, now))
        self._log(submit_arrived(connection, watch, now, self._submit))
        self._log(tell_ends(connection, watch, now))

    def _log(self, happenings: Iterable[Happening]) -> None:
        for one in happenings:
            self._tell(one.what, recon=one.recon, business_date=one.business_date, run=one.run)

    def _send(self, connection: Connection) -> None:
        while not self._ending.is_set():
            notice = deliver(connection, self._ways)
            if notice is None:
                self._ending.wait(BEAT)
            else:
                self._tell(
                    "notice_tried", notice=notice.notice_id, about=notice.event, attempt=notice.attempt
                )

    def _anchor(self, connection: Connection) -> None:
        assert self._anchoring is not None
        led = False
        while not self._ending.wait(BEAT):
            led = self.leading
            if led:
                self._anchoring.look(connection)
        if led:
            self._anchoring.anchor(connection)

    def _keep(self, connection: Connection) -> None:
        books: Accounts | None = None
        while not self._ending.wait(BEAT):
            if not self.leading:
                books = None
                close()
                continue
            books = books or Accounts(connection, self._tell)
            books.keep()

    def _tend(self, connection: Connection) -> None:
        while not self._ending.wait(TENDING):
            if self.leading:
                tend(connection, self._tell)
