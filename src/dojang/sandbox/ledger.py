"""The book, for writing: everything that happens inside one transaction."""

import json
import sqlite3
from collections.abc import Callable, Collection, Sequence
from datetime import datetime

from dojang.sandbox.faults import Fault
from dojang.sandbox.rows import (
    Callback,
    Filed,
    Submission,
    SubmissionState,
    faults_of,
    filed_of,
    integer,
)
from dojang.sandbox.settings import Script, Settings

_ERASE = (
    "DELETE FROM callbacks",
    "DELETE FROM filed",
    "DELETE FROM documents",
    "DELETE FROM packages",
    "DELETE FROM submissions",
    "DELETE FROM faults",
    "DELETE FROM settings",
)


class AlreadyThere(Exception):
    """There is a submission of this SubmitID."""


class Ledger:
    """The book, for writing, inside a transaction."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def take_over(self, script: Script, digest: str) -> None:
        """Replace settings and faults by those of a script file."""
        self._db.execute("DELETE FROM settings")
        self._db.execute("DELETE FROM faults")
        self._db.execute("INSERT INTO settings VALUES (1, ?, ?)", (script.settings.model_dump_json(), digest))
        for fault in script.faults:
            self.add_fault(fault)

    def change_settings(self, change: Callable[[Settings], Settings]) -> Settings:
        """Read, change, write."""
        rows = self._db.execute("SELECT json FROM settings").fetchall()
        changed = change(Settings.model_validate_json(rows[0][0]) if rows else Settings())
        self._db.execute(
            "INSERT INTO settings VALUES (1, ?, NULL) ON CONFLICT (one) DO UPDATE SET json = excluded.json",
            (changed.model_dump_json(),),
        )
        return changed

    def add_fault(self, fault: Fault) -> int:
        """Switch a fault on; returns its number."""
        query = "INSERT INTO faults (json, left) VALUES (?, ?) RETURNING number"
        return integer(self._db.execute(query, (fault.model_dump_json(), fault.times)).fetchone()[0])

    def remove_faults(self, number: int | None = None) -> int:
        """Switch one off, or all; returns how many there were."""
        query, values = (
            ("DELETE FROM faults", ())
            if number is None
            else ("DELETE FROM faults WHERE number = ?", (number,))
        )
        return self._db.execute(query, values).rowcount

    def use_fault(self, fits: Callable[[Fault], bool]) -> Fault | None:
        """The oldest fault that fits, which counts as one use of it."""
        rows = self._db.execute("SELECT number, json, left FROM faults ORDER BY number").fetchall()
        found = next((waiting for waiting in faults_of(rows) if fits(waiting.fault)), None)
        if found is None:
            return None
        if found.left is not None:
            self._db.execute("UPDATE faults SET left = left - 1 WHERE number = ?", (found.number,))
            self._db.execute("DELETE FROM faults WHERE left <= 0")
        return found.fault

    def add_submission(self, submission: Submission) -> None:
        """Write a submission down.

        Raises:
            AlreadyThere: there is one of this SubmitID.
        """
        values = (
            submission.submit_id,
            submission.registration,
            submission.receipt_id,
            submission.received_at.isoformat(),
            submission.total,
            submission.sha256,
            submission.reply_to,
            submission.judge_at,
            submission.state.value,
            submission.fail_reason,
            submission.note,
            submission.judged_at and submission.judged_at.isoformat(),
        )
        try:
            self._db.execute(
                "INSERT INTO submissions VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", values
            )
        except sqlite3.IntegrityError:
            raise AlreadyThere from None

    def add_package(self, submit_id: str, content: bytes) -> None:
        """Keep the encrypted package of a submission that waits for its verdicts."""
        self._db.execute("INSERT INTO packages VALUES (?, ?)", (submit_id, content))

    def is_waiting(self, submit_id: str) -> bool:
        """Whether a submission still waits for its verdicts."""
        query = "SELECT 1 FROM submissions WHERE submit_id = ? AND state = 'received'"
        return self._db.execute(query, (submit_id,)).fetchone() is not None

    def add_documents(self, submit_id: str, documents: Sequence[tuple[str, bytes]]) -> list[int]:
        """Write the invoices of a submission down, as (issue id, XML); returns their numbers."""
        query = (
            "INSERT INTO documents (submit_id, place, issue_id, codes, xml) VALUES (?, ?, ?, '[]', ?)"
            " RETURNING number"
        )
        return [
            integer(self._db.execute(query, (submit_id, place, issue_id, xml)).fetchone()[0])
            for place, (issue_id, xml) in enumerate(documents)
        ]

    def document_numbers(self, submit_id: str) -> list[int]:
        """The numbers of a submission's documents, in their places."""
        query = "SELECT number FROM documents WHERE submit_id = ? ORDER BY place"
        return [integer(row[0]) for row in self._db.execute(query, (submit_id,))]

    def set_codes(self, verdicts: Collection[tuple[int, tuple[str, ...]]]) -> None:
        """Write verdicts, as (document number, codes)."""
        self._db.executemany(
            "UPDATE documents SET codes = ? WHERE number = ?",
            [(json.dumps(codes), number) for number, codes in verdicts],
        )

    def filed(self, issue_id: str) -> Filed | None:
        """The accepted invoice of this issue id."""
        query = "SELECT * FROM filed WHERE issue_id = ?"
        return filed_of(self._db.execute(query, (issue_id,)).fetchall())

    def file(self, filed: Filed) -> None:
        """Accept an invoice."""
        self._db.execute(
            "INSERT INTO filed VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                filed.issue_id,
                filed.document,
                filed.supplier,
                filed.document_type,
                filed.written_on.isoformat(),
                filed.supply_amount,
                filed.tax_amount,
            ),
        )

    def set_judged(self, submit_id: str, at: datetime) -> None:
        """Every verdict is there; the package, and R in it, is erased."""
        self._db.execute(
            "UPDATE submissions SET state = ?, judged_at = ? WHERE submit_id = ?",
            (SubmissionState.JUDGED.value, at.isoformat(), submit_id),
        )
        self._db.execute("DELETE FROM packages WHERE submit_id = ?", (submit_id,))

    def set_callback(self, callback: Callback) -> None:
        """Write how far a callback is."""
        self._db.execute(
            "INSERT OR REPLACE INTO callbacks VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                callback.submit_id,
                callback.result_id,
                callback.reply_to,
                callback.attempts,
                callback.next_at,
                callback.state.value,
                callback.problem,
            ),
        )

    def update_callback(self, callback: Callback) -> None:
        """Write that a callback went further; nothing when it was erased meanwhile."""
        query = "SELECT 1 FROM callbacks WHERE submit_id = ?"
        if self._db.execute(query, (callback.submit_id,)).fetchone():
            self.set_callback(callback)

    def erase(self) -> None:
        """Empty the whole book."""
        for statement in _ERASE:
            self._db.execute(statement)
