"""`dojang package`, `submit` and `results`: signed invoices to 국세청, and what became of them."""

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import Any, assert_never

import click

from dojang.cli import options
from dojang.cli.book import Book
from dojang.cli.connection import Connection, connect
from dojang.cli.errors import Exit, MayNotResend, TooManyInvoices, WrongCertificate
from dojang.cli.files import Source, read, sources, write_new
from dojang.cli.language import language, say
from dojang.cli.output import print_json
from dojang.etax import verify
from dojang.npki.certificates import Certificate
from dojang.npki.errors import NoRandomNumber
from dojang.npki.identity import Identity, open_identity
from dojang.nts import cms
from dojang.nts.outcomes import NotSent, OutcomeUnknown, Receipt, Refused, Results, SubmitOutcome, finding_of
from dojang.nts.package import MAX_INVOICES, PackagedInvoice, encode
from dojang.nts.reconciliation import Answer
from dojang.nts.response import InvoiceResult, TaxInvoiceResponse
from dojang.nts.submission import Submission

_POLL_SECONDS = 1.0

nts = click.option(
    "--nts",
    "nts_path",
    required=True,
    envvar="DOJANG_NTS",
    type=click.Path(exists=True, path_type=Path),
    help=say(
        "연결 설정(client.json) 또는 모의 국세청의 데이터 폴더", "client.json, or a sandbox's data folder"
    ),
)
wait = click.option(
    "--wait",
    type=click.FloatRange(min=0),
    default=0.0,
    metavar=say("초", "SECONDS"),
    help=say("결과가 나올 때까지 기다릴 시간", "how long to wait for the results"),
)


@dataclass(frozen=True, slots=True)
class _Signed:
    """A signed invoice that is to be sent, with R of its signer."""

    issue_id: str
    packaged: PackagedInvoice


def _signed(names: tuple[str, ...], identity: Identity) -> Iterator[_Signed]:
    """The documents named, each verified and signed with this certificate."""
    if identity.key.random_number is None:
        raise NoRandomNumber
    for source in sources(names):
        yield _one(source, identity, identity.key.random_number.reveal())


def _one(source: Source, identity: Identity, random_number: bytes) -> _Signed:
    document = verify(source.data)
    if document.certificate != identity.certificate.der:
        raise WrongCertificate(name=source.name)
    return _Signed(document.invoice.issue_id or "", PackagedInvoice(source.data, random_number))


def _all_signed(
    files: tuple[str, ...], cert: Path, key: Path | None, passphrase_file: Path | None
) -> list[_Signed]:
    identity = open_identity(cert, options.passphrase(passphrase_file), key=key)
    found = list(_signed(files, identity))
    if len(found) > MAX_INVOICES:
        raise TooManyInvoices(limit=MAX_INVOICES, count=len(found))
    return found


@click.command(
    help=say(
        "서명된 XML을 묶어 받는 곳의 인증서로 암호화합니다(CMS). 국세청에 보내는 꾸러미와 같습니다.",
        "Package signed XML and encrypt it to the recipient (CMS), as it goes to 국세청.",
    )
)
@options.files
@options.certificate
@click.option(
    "--to",
    "recipient",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help=say("받는 곳의 암호화용 인증서", "the recipient's certificate for encryption"),
)
@click.option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help=say("쓸 파일", "file to write"),
)
def package(
    files: tuple[str, ...],
    cert: Path,
    key: Path | None,
    passphrase_file: Path | None,
    recipient: Path,
    out: Path,
) -> Exit:
    found = _all_signed(files, cert, key, passphrase_file)
    content = encode([one.packaged for one in found])
    write_new(out, cms.envelope(content, Certificate.load(read(recipient)).der, random=os.urandom))
    click.echo(out)
    return Exit.GOOD


@click.command(
    help=say(
        "서명된 XML을 제출합니다. 한 번만 보내며, 답을 잃어버리면 결과를 물어볼 때까지 다시 보내지 않습니다.",
        "Submit signed XML, once: after a lost answer nothing is sent again until its outcome was asked for.",
    )
)
@click.argument("files", nargs=-1, metavar=say("파일…", "FILE…"))
@click.option(
    "--cert",
    type=click.Path(path_type=Path),
    help=say("서명한 인증서 폴더 또는 .pfx", "certificate folder or .pfx"),
)
@click.option(
    "--key", type=click.Path(dir_okay=False, path_type=Path), help=say("개인키 파일", "private key file")
)
@options.passphrase_file
@nts
@wait
@click.option(
    "--again",
    metavar="SUBMIT_ID",
    help=say("보관한 제출을 같은 바이트로 다시 보냄", "send a kept submission again, the same bytes"),
)
@options.as_json
def submit(
    files: tuple[str, ...],
    cert: Path | None,
    key: Path | None,
    passphrase_file: Path | None,
    nts_path: Path,
    wait: float,
    again: str | None,
    as_json: bool,
) -> Exit:
    connection = connect(nts_path)
    book = Book(connection.store)
    if again is not None:
        submission = book.load(again)
        if not book.may_send(again, options.now()):
            raise MayNotResend
    elif files and cert is not None:
        submission = _prepare(connection, book, _all_signed(files, cert, key, passphrase_file))
    else:
        raise click.UsageError(
            say("보낼 파일과 --cert가 필요합니다(또는 --again).", "Name files and --cert, or --again.")
        )
    outcome = _send(connection, book, submission)
    if wait and isinstance(outcome, Receipt | Refused | OutcomeUnknown) and _asks(outcome):
        return _tell_results(connection, book, submission.submit_id, wait, as_json=as_json)
    _tell_submission(outcome, as_json=as_json)
    return _status(outcome)


def _asks(outcome: SubmitOutcome) -> bool:
    """Whether the results can tell more than this outcome."""
    return not isinstance(outcome, Refused) or outcome.arrived_before


def _prepare(connection: Connection, book: Book, found: list[_Signed]) -> Submission:
    submission = Submission.prepare(
        [one.packaged for one in found],
        settings=connection.settings,
        sign=connection.sign,
        now=options.now(),
        random=os.urandom,
    )
    book.keep(submission, [one.issue_id for one in found])
    return submission


def _send(connection: Connection, book: Book, submission: Submission) -> SubmitOutcome:
    book.sent(submission.submit_id, options.now())
    with connection.client() as client:
        outcome = client.submit(submission)
    if isinstance(outcome, NotSent):
        book.not_sent(submission.submit_id, options.now())
    elif isinstance(outcome, Refused) and not outcome.arrived_before:
        # 국세청 turned all of it down: none of these invoices is filed.
        book.release(book.invoices_of(submission.submit_id))
    return outcome


def _status(outcome: SubmitOutcome) -> Exit:
    match outcome:
        case Receipt():
            return Exit.GOOD
        case Refused():
            return Exit.UNKNOWN if outcome.arrived_before else Exit.REFUSED
        case NotSent():
            return Exit.REFUSED
        case OutcomeUnknown():
            return Exit.UNKNOWN
        case _:
            assert_never(outcome)


def _tell_submission(outcome: SubmitOutcome, *, as_json: bool) -> None:
    if as_json:
        print_json({"submit_id": outcome.submit_id, "outcome": _OUTCOMES[type(outcome)]} | _facts(outcome))
        return
    click.echo(f"SubmitID {outcome.submit_id}")
    match outcome:
        case Receipt():
            receipt = outcome.response.receipt_id
            click.echo(say(f"접수되었습니다(접수번호 {receipt}).", f"Received (receipt {receipt})."))
            click.echo(say("접수는 승인이 아닙니다.", "A receipt is not acceptance."))
        case Refused():
            click.echo(outcome.reason.text(language()), err=True)
        case NotSent():
            click.echo(outcome.why.text(language()), err=True)
            click.echo(
                say(
                    f"보내지 못한 것이 확실합니다. 나중에 다시 보내세요: dojang submit --again {outcome.submit_id}",
                    f"Certainly nothing was sent. Send it later: dojang submit --again {outcome.submit_id}",
                ),
                err=True,
            )
        case OutcomeUnknown():
            click.echo(outcome.why.text(language()), err=True)
            click.echo(
                say(
                    f"접수되었는지 알 수 없습니다. 다시 보내지 말고 물어보세요: dojang results {outcome.submit_id}",
                    f"Nobody knows whether it arrived. Do not send it again, ask: dojang results {outcome.submit_id}",
                ),
                err=True,
            )
        case _:
            assert_never(outcome)


_OUTCOMES = {
    Receipt: "receipt",
    Refused: "refused",
    NotSent: "not_sent",
    OutcomeUnknown: "unknown",
    Results: "results",
}


def _facts(outcome: SubmitOutcome) -> dict[str, Any]:
    match outcome:
        case Receipt():
            return {"receipt_id": outcome.response.receipt_id}
        case Refused():
            reason = outcome.reason
            return {"code": reason.code, "ko": reason.text("ko"), "en": reason.text("en")}
        case NotSent() | OutcomeUnknown():
            return {"code": outcome.why.code, "ko": outcome.why.text("ko"), "en": outcome.why.text("en")}
        case _:
            assert_never(outcome)


@click.command(
    help=say(
        "제출한 것의 처리결과를 물어봅니다. 몇 번이든 물어봐도 됩니다.",
        "Ask what became of a submission. Asking is safe, however often.",
    )
)
@click.argument("submit_id", metavar="SUBMIT_ID")
@nts
@wait
@options.as_json
def results(submit_id: str, nts_path: Path, wait: float, as_json: bool) -> Exit:
    connection = connect(nts_path)
    return _tell_results(connection, Book(connection.store), submit_id, wait, as_json=as_json)


def _tell_results(
    connection: Connection, book: Book, submit_id: str, seconds: float, *, as_json: bool
) -> Exit:
    """Ask until there are results or the time is over, remember what was found out, and say it."""
    until = time.monotonic() + seconds
    with connection.client() as client:
        while True:
            found = client.reconcile(submit_id)
            is_working = isinstance(found.outcome, Results) and not found.outcome.response.results
            if not is_working or time.monotonic() >= until:
                break
            time.sleep(_POLL_SECONDS)
    if book.knows(submit_id):
        book.heard(submit_id, Answer.of(found))
        _release_failed(book, submit_id, found.outcome)
    outcome = found.outcome
    if isinstance(outcome, Results):
        return _tell_verdicts(submit_id, outcome.response, as_json=as_json)
    _tell_no_verdicts(submit_id, outcome, as_json=as_json)
    return Exit.REFUSED if finding_of(outcome).value == "refused" else Exit.UNKNOWN


def _release_failed(book: Book, submit_id: str, outcome: object) -> None:
    """Invoices that 국세청 judged and did not accept are not filed: they may be mended and sent."""
    if isinstance(outcome, Results):
        book.release(result.issue_id for result in outcome.response.results if not result.accepted)
    elif isinstance(outcome, Refused) and finding_of(outcome).value == "refused":
        book.release(book.invoices_of(submit_id))


def _tell_no_verdicts(submit_id: str, outcome: Refused | NotSent | OutcomeUnknown, *, as_json: bool) -> None:
    if as_json:
        print_json({"submit_id": submit_id, "outcome": _OUTCOMES[type(outcome)]} | _facts(outcome))
    elif isinstance(outcome, Refused):
        click.echo(outcome.reason.text(language()), err=True)
    else:
        click.echo(outcome.why.text(language()), err=True)


def _tell_verdicts(submit_id: str, response: TaxInvoiceResponse, *, as_json: bool) -> Exit:
    if as_json:
        print_json(
            {
                "submit_id": submit_id,
                "outcome": "working" if not response.results else "results",
                "responded_at": response.responded_at.astimezone(UTC).isoformat(),
                "results": [_result_data(result) for result in response.results],
            }
        )
    elif not response.results:
        click.echo(
            say(
                "국세청이 처리하고 있습니다. 나중에 다시 물어보세요.",
                "국세청 is still working. Ask again later.",
            )
        )
    for result in () if as_json else response.results:
        mark = click.style("✓", fg="green") if result.accepted else click.style("✗", fg="red")
        click.echo(f"{mark} {result.issue_id} {' '.join(result.codes)}")
        for info in () if result.accepted else result.described:
            click.echo(f"    {info.text(language())}")
    if not response.results:
        return Exit.UNKNOWN
    return Exit.GOOD if all(result.accepted for result in response.results) else Exit.REFUSED


def _result_data(result: InvoiceResult) -> dict[str, Any]:
    return {
        "issue_id": result.issue_id,
        "accepted": result.accepted,
        "codes": list(result.codes),
        "ko": [info.text("ko") for info in result.described],
        "en": [info.text("en") for info in result.described],
    }
