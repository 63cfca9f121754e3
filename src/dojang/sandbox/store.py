"""The book: one SQLite file that survives being killed at any point.

Each change is one transaction, and nothing is answered before it is on disk. R is nowhere in it: a package waits
for its verdicts as it came, encrypted, and is erased with them. One process has the file at a time; its threads
share one connection.
"""

import sqlite3
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from dojang.sandbox.errors import DataFolderInUse, DataFolderTooNew, DataFolderUnusable
from dojang.sandbox.ledger import Ledger
from dojang.sandbox.rows import (
    Callback,
    Document,
    Filed,
    Submission,
    WaitingFault,
    callback_of,
    document_of,
    faults_of,
    filed_of,
    integer,
    submission_of,
)
from dojang.sandbox.settings import Settings

FILE_NAME = "sandbox.sqlite3"
GUARD_NAME = "sandbox.lock"
VERSION = 1

_TABLES = """
CREATE TABLE settings (one INTEGER PRIMARY KEY CHECK (one = 1), json TEXT NOT NULL, script TEXT);
CREATE TABLE faults (number INTEGER PRIMARY KEY, json TEXT NOT NULL, left INTEGER);
CREATE TABLE submissions (
  number INTEGER PRIMARY KEY,
  submit_id TEXT NOT NULL UNIQUE,
  registration TEXT NOT NULL,
  receipt_id TEXT NOT NULL,
  received_at TEXT NOT NULL,
  total INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  reply_to TEXT,
  judge_at REAL NOT NULL,
  state TEXT NOT NULL,
  fail_reason TEXT,
  note TEXT,
  judged_at TEXT
);
CREATE TABLE packages (submit_id TEXT PRIMARY KEY REFERENCES submissions (submit_id), content BLOB NOT NULL);
CREATE INDEX submissions_due ON submissions (judge_at) WHERE state = 'received';
CREATE TABLE documents (
  number INTEGER PRIMARY KEY,
  submit_id TEXT NOT NULL REFERENCES submissions (submit_id),
  place INTEGER NOT NULL,
  issue_id TEXT NOT NULL,
  codes TEXT NOT NULL,
  xml BLOB NOT NULL,
  UNIQUE (submit_id, place)
);
CREATE INDEX documents_issue_id ON documents (issue_id);
CREATE TABLE filed (
  issue_id TEXT PRIMARY KEY,
  document INTEGER NOT NULL UNIQUE REFERENCES documents (number),
  supplier TEXT NOT NULL,
  document_type TEXT NOT NULL,
  written_on TEXT NOT NULL,
  supply_amount INTEGER NOT NULL,
  tax_amount INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE callbacks (
  submit_id TEXT PRIMARY KEY REFERENCES submissions (submit_id),
  result_id TEXT NOT NULL,
  reply_to TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  next_at REAL NOT NULL,
  state TEXT NOT NULL,
  problem TEXT
);
CREATE INDEX callbacks_due ON callbacks (next_at) WHERE state = 'pending';
"""


class Store:
    """The book, for reading; `transaction` gives the pen."""

    def __init__(self, data: Path) -> None:
        """Open or make the file in a data folder.

        Raises:
            DataFolderInUse, DataFolderTooNew, DataFolderUnusable.
        """
        self._lock = threading.RLock()
        try:
            self._guard = _guard(data / GUARD_NAME)
            try:
                self._db = _connect(data / FILE_NAME)
            except BaseException:
                self._guard.close()
                raise
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
                raise DataFolderInUse(folder=data) from None
            raise DataFolderUnusable(folder=data, why=str(error)) from None
        except sqlite3.DatabaseError as error:
            raise DataFolderUnusable(folder=data, why=str(error)) from None

    def close(self) -> None:
        with self._lock:
            self._db.close()
            self._guard.close()

    @contextmanager
    def transaction(self) -> Generator[Ledger]:
        """Everything in the block happens, or nothing does."""
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield Ledger(self._db)
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def _rows(self, query: str, *values: object) -> list[tuple[object, ...]]:
        with self._lock:
            return self._db.execute(query, values).fetchall()

    def settings(self) -> Settings:
        """What is scripted now."""
        rows = self._rows("SELECT json FROM settings")
        return Settings.model_validate_json(str(rows[0][0])) if rows else Settings()

    def script_digest(self) -> str | None:
        """The digest of the script file that was taken over last."""
        rows = self._rows("SELECT script FROM settings")
        return str(rows[0][0]) if rows and rows[0][0] else None

    def faults(self) -> list[WaitingFault]:
        """Those switched on, oldest first."""
        return faults_of(self._rows("SELECT number, json, left FROM faults ORDER BY number"))

    def submission(self, submit_id: str) -> Submission | None:
        rows = self._rows("SELECT * FROM submissions WHERE submit_id = ?", submit_id)
        return submission_of(rows[0]) if rows else None

    def submissions(self, limit: int, skip: int = 0) -> list[Submission]:
        """The newest ones."""
        query = "SELECT * FROM submissions ORDER BY number DESC LIMIT ? OFFSET ?"
        return [submission_of(row) for row in self._rows(query, limit, skip)]

    def package(self, submit_id: str) -> bytes | None:
        """The encrypted package of a submission that waits for its verdicts."""
        rows = self._rows("SELECT content FROM packages WHERE submit_id = ?", submit_id)
        package = rows[0][0] if rows else None
        return package if isinstance(package, bytes) else None

    def due(self, at: float) -> list[Submission]:
        """Submissions whose verdicts are due, in the order of arrival."""
        query = "SELECT * FROM submissions WHERE state = 'received' AND judge_at <= ? ORDER BY number"
        return [submission_of(row) for row in self._rows(query, at)]

    def documents(self, submit_id: str) -> list[Document]:
        """The invoices of a submission."""
        query = "SELECT * FROM documents WHERE submit_id = ? ORDER BY place"
        return [document_of(row) for row in self._rows(query, submit_id)]

    def document(self, number: int) -> Document | None:
        rows = self._rows("SELECT * FROM documents WHERE number = ?", number)
        return document_of(rows[0]) if rows else None

    def documents_of(self, issue_id: str) -> list[Document]:
        """Every document that came with this issue id, accepted or not."""
        query = "SELECT * FROM documents WHERE issue_id = ? ORDER BY number"
        return [document_of(row) for row in self._rows(query, issue_id)]

    def filed(self, issue_id: str) -> Filed | None:
        """The accepted invoice of this issue id."""
        return filed_of(self._rows("SELECT * FROM filed WHERE issue_id = ?", issue_id))

    def filed_count(self) -> int:
        """How many invoices were accepted."""
        return integer(self._rows("SELECT count(*) FROM filed")[0][0])

    def submission_count(self) -> int:
        return integer(self._rows("SELECT count(*) FROM submissions")[0][0])

    def callback(self, submit_id: str) -> Callback | None:
        """Where the results of a submission are on their way to ReplyTo."""
        rows = self._rows("SELECT * FROM callbacks WHERE submit_id = ?", submit_id)
        return callback_of(rows[0]) if rows else None

    def callbacks_due(self, at: float) -> list[Callback]:
        """Callbacks to be tried now, the longest due first."""
        query = "SELECT * FROM callbacks WHERE state = 'pending' AND next_at <= ? ORDER BY next_at LIMIT 20"
        return [callback_of(row) for row in self._rows(query, at)]

    def next_at(self) -> float | None:
        """When the next verdict or callback is due, in seconds of the real clock; None when nothing waits."""
        query = (
            "SELECT min(at) FROM (SELECT min(judge_at) AS at FROM submissions WHERE state = 'received'"
            " UNION ALL SELECT min(next_at) FROM callbacks WHERE state = 'pending')"
        )
        at = self._rows(query)[0][0]
        return None if at is None else float(str(at))


def _guard(file: Path) -> sqlite3.Connection:
    """Keeps a second sandbox off, and ends with the process however it ends; a backup may read the book meanwhile."""
    guard = sqlite3.connect(file, timeout=1.0, isolation_level=None, check_same_thread=False)
    try:
        guard.execute("BEGIN EXCLUSIVE")
    except BaseException:
        guard.close()
        raise
    return guard


def _connect(file: Path) -> sqlite3.Connection:
    db = sqlite3.connect(file, timeout=1.0, isolation_level=None, check_same_thread=False)
    try:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        db.execute("PRAGMA foreign_keys = ON")
        db.execute("PRAGMA secure_delete = ON")
        db.execute("BEGIN IMMEDIATE")
        _migrate(db, file.parent)
        db.execute("COMMIT")
    except BaseException:
        db.close()
        raise
    return db


def _migrate(db: sqlite3.Connection, folder: Path) -> None:
    """Make the tables of a new book; refuse one of a later version."""
    (version,) = db.execute("PRAGMA user_version").fetchone()
    if version > VERSION:
        raise DataFolderTooNew(folder=folder)
    if version == 0:
        for statement in _TABLES.split(";\n"):
            db.execute(statement)
        db.execute(f"PRAGMA user_version = {VERSION}")
