"""The book of submissions: what was sent under which SubmitID, so that nothing is ever filed twice.

A folder of files. `<SubmitID>/submission` holds the bytes that went or go out, `<SubmitID>/journal` what happened,
a line each; `issued/<승인번호>` says which submission an invoice is in and is created exclusively, so that two
runs at once cannot both send it. Everything is written before the first byte leaves.
"""

import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from dojang.cli.errors import AlreadySubmitted, AlreadyThere, CannotWriteFile, NoSuchSubmission
from dojang.cli.files import write_new
from dojang.nts.outcomes import Finding
from dojang.nts.reconciliation import Answer, may_resend
from dojang.nts.submission import Submission

_SENT = "sent"
_NOT_SENT = "not_sent"
_FINDINGS = frozenset(Finding)


class _Entry(BaseModel):
    """One line of a journal: it was sent, certainly not sent, or something was found out about it."""

    model_config = ConfigDict(frozen=True, strict=True)

    what: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Book:
    """The submissions of one transmitting system."""

    folder: Path

    def keep(self, submission: Submission, issue_ids: Iterable[str]) -> None:
        """Store a new submission and claim its invoices.

        Raises:
            AlreadySubmitted: one of them is in another submission; then nothing is claimed.
            CannotWriteFile: the disk is full or not ours.
        """
        write_new(self._of(submission.submit_id) / "submission", submission.to_bytes())
        claimed: list[str] = []
        try:
            for issue_id in issue_ids:
                self._claim(issue_id, submission.submit_id)
                claimed.append(issue_id)
        except BaseException:
            self.release(claimed)
            raise

    def _claim(self, issue_id: str, submit_id: str) -> None:
        path = self._claim_path(issue_id)
        try:
            write_new(path, submit_id.encode())
        except AlreadyThere:
            raise AlreadySubmitted(issue_id=issue_id, submit_id=path.read_text()) from None

    def release(self, issue_ids: Iterable[str]) -> None:
        """Let invoices be sent in another submission: 국세청 said that these are not filed."""
        for issue_id in issue_ids:
            self._claim_path(issue_id).unlink(missing_ok=True)

    def invoices_of(self, submit_id: str) -> list[str]:
        """The issue ids that are claimed for a submission."""
        with suppress(FileNotFoundError):
            return [path.name for path in (self.folder / "issued").iterdir() if path.read_text() == submit_id]
        return []

    def load(self, submit_id: str) -> Submission:
        """The same bytes as were kept.

        Raises:
            NoSuchSubmission: none under this SubmitID.
            SubmissionDamaged: the file was changed.
        """
        try:
            return Submission.from_bytes((self._of(submit_id) / "submission").read_bytes())
        except OSError:
            raise NoSuchSubmission(submit_id=submit_id) from None

    def knows(self, submit_id: str) -> bool:
        """Whether a submission is kept here; results of others can be asked for too."""
        return (self._of(submit_id) / "submission").is_file()

    def sent(self, submit_id: str, at: datetime) -> None:
        """It is about to go out: written first, since it may be killed in the middle."""
        self._write(submit_id, _Entry(what=_SENT, at=at))

    def not_sent(self, submit_id: str, at: datetime) -> None:
        """It is certain that the last sending did not go out."""
        self._write(submit_id, _Entry(what=_NOT_SENT, at=at))

    def heard(self, submit_id: str, answer: Answer) -> None:
        """Something was found out by asking."""
        self._write(submit_id, _Entry(what=answer.finding.value, at=answer.asked_at))

    def may_send(self, submit_id: str, now: datetime) -> bool:
        """Whether its bytes may go (again): no byte ever went out, or 국세청 said SYS003 twice."""
        journal = self._journal(submit_id)
        sendings = [entry.at for entry in journal if entry.what == _SENT]
        if len(sendings) == sum(entry.what == _NOT_SENT for entry in journal):
            return True
        answers = [Answer(Finding(entry.what), entry.at) for entry in journal if entry.what in _FINDINGS]
        return may_resend(answers, now, sent_at=sendings[-1])

    def _journal(self, submit_id: str) -> list[_Entry]:
        with suppress(FileNotFoundError):
            lines = (self._of(submit_id) / "journal").read_text().splitlines()
            return [_Entry.model_validate_json(line) for line in lines]
        return []

    def _write(self, submit_id: str, entry: _Entry) -> None:
        path = self._of(submit_id) / "journal"
        try:
            with path.open("a") as file:
                file.write(entry.model_dump_json() + "\n")
                file.flush()
                os.fsync(file.fileno())
        except OSError:
            raise CannotWriteFile(name=path) from None

    def _of(self, submit_id: str) -> Path:
        return self.folder / Path(submit_id).name

    def _claim_path(self, issue_id: str) -> Path:
        return self.folder / "issued" / Path(issue_id).name
