"""`dojang demo`: one tax invoice from JSON to an accepted filing, for real, on this machine alone."""

import os
import secrets
import time
from dataclasses import dataclass, field
from pathlib import Path

import click

from dojang.cli import options
from dojang.cli.connection import connect
from dojang.cli.documents import Issuing
from dojang.cli.errors import Exit
from dojang.cli.files import write_new
from dojang.cli.invoices import REGISTRATION, sample
from dojang.cli.language import language, say
from dojang.cli.output import tell_findings
from dojang.etax import Invoice, check, sign, verify, write
from dojang.npki.identity import Identity, open_identity
from dojang.npki.testca import TestCA
from dojang.nts.outcomes import Finding, OutcomeUnknown, Receipt, Reconciled, Results, SubmitOutcome
from dojang.nts.package import PackagedInvoice
from dojang.nts.submission import Submission
from dojang.sandbox.server import running

BUSINESS_NUMBER = "9988100012"
_POLL_SECONDS = 0.2
_PATIENCE_SECONDS = 30


@dataclass(slots=True)
class _Timeline:
    """Tells each step when it is done, with the time it took."""

    started: float = field(default_factory=time.monotonic)
    last: float = field(default_factory=time.monotonic)
    number: int = 0

    def did(self, ko: str, en: str, *details: object) -> None:
        now = time.monotonic()
        self.number += 1
        took = click.style(f"{(now - self.last) * 1000:6.0f} ms", dim=True)
        click.echo(f"{took}  {self.number}. {say(ko, en)}")
        for detail in details:
            click.echo(f"              {click.style(str(detail), dim=True)}")
        self.last = now


@click.command(
    help=say(
        "시험용 회사와 인증서, 모의 국세청으로 세금계산서 한 건을 끝까지 보내 봅니다.",
        "Send one tax invoice all the way with a test company, a test certificate and a sandbox 국세청.",
    )
)
@click.option(
    "--out",
    default=Path("dojang-demo"),  # demo/ is that of `dojang serve --demo`
    show_default=True,
    type=click.Path(file_okay=False, path_type=Path),
    help=say("파일을 남길 폴더", "folder to leave the files in"),
)
def demo(out: Path) -> Exit:
    timeline = _Timeline()
    click.echo(
        say(
            "도장 데모 (모의 국세청, 실제로 전송되지 않습니다)",
            "Dojang demo (sandbox: nothing is really filed)",
        )
    )
    click.echo()
    identity = _certificate(out, timeline)
    invoice = _invoice(timeline)
    home = out / str(invoice.issue_id)
    write_new(home / "invoice.json", invoice.to_json().encode())
    write_new(home / "invoice.xml", write(invoice))
    timeline.did("표준 XML로 썼습니다", "Wrote it as the standard's XML", home / "invoice.xml")
    signed = _sign(invoice, identity, home, timeline)
    with running(out / "sandbox", anchors=[out / "testca"], clock=options.now) as server:
        timeline.did("모의 국세청을 열었습니다", "Started the sandbox 국세청", server.address)
        submission, outcome = _submit(server.client_settings, signed, identity, home, timeline)
        if not isinstance(outcome, Receipt):
            return _tell_failure(outcome)
        found = _await_results(server.client_settings, submission.submit_id)
    return _tell_results(found, home, timeline)


def _certificate(out: Path, timeline: _Timeline) -> Identity:
    """The demo company's certificate: issued at the first run, opened like a user's own every time."""
    home = out / "certificate"
    secret = home / "passphrase.txt"
    if not secret.is_file():
        authority = TestCA.load_or_create(out, now=options.now())
        passphrase = secrets.token_urlsafe(12)
        issued = authority.issue(BUSINESS_NUMBER, "(주)도장상사", passphrase=passphrase)
        authority.write(issued, home)
        write_new(secret, passphrase.encode() + b"\n")
    pfx = next(home.glob("*.pfx"))
    identity = open_identity(pfx, options.passphrase(secret))
    timeline.did(
        f"공동인증서를 열었습니다: {identity.certificate.owner}",
        f"Opened the certificate: {identity.certificate.owner}",
        pfx,
    )
    return identity


def _invoice(timeline: _Timeline) -> Invoice:
    now = options.now()
    draft = sample(options.day_of(now), BUSINESS_NUMBER)
    findings = check(draft, on=options.day_of(now))
    tell_findings("invoice.json", findings)
    timeline.did(
        f"세금계산서를 검사했습니다: {draft.supplier.name} → {draft.buyer.name}, {draft.total_amount:,}원",
        f"Checked the invoice: {draft.supplier.name} → {draft.buyer.name}, {draft.total_amount:,} won",
    )
    return Issuing(REGISTRATION, now).complete(draft)


def _sign(invoice: Invoice, identity: Identity, home: Path, timeline: _Timeline) -> bytes:
    data = sign(invoice, identity.certificate.der, identity.sign)
    verify(data)
    write_new(home / "signed.xml", data)
    timeline.did(
        f"서명하고 다시 검증했습니다. 승인번호 {invoice.issue_id}",
        f"Signed it and verified the signature. Issue id {invoice.issue_id}",
        home / "signed.xml",
    )
    return data


def _submit(
    settings: Path, signed: bytes, identity: Identity, home: Path, timeline: _Timeline
) -> tuple[Submission, SubmitOutcome]:
    connection = connect(settings)
    random_number = identity.key.random_number
    packaged = PackagedInvoice(signed, random_number.reveal() if random_number else b"")
    submission = Submission.prepare(
        [packaged], settings=connection.settings, sign=connection.sign, now=options.now(), random=os.urandom
    )
    write_new(home / "submission.mime", submission.http.body)
    timeline.did(
        "묶어서 국세청 인증서로 암호화했습니다(CMS)",
        "Packaged it, encrypted to 국세청 (CMS)",
        home / "submission.mime",
    )
    with connection.client() as client:
        outcome = client.submit(submission)
    if isinstance(outcome, Receipt):
        write_new(home / "receipt.xml", outcome.signed.xml)
        timeline.did(
            f"SOAP으로 제출해 접수증을 받았습니다: {outcome.response.receipt_id}",
            f"Submitted it over SOAP and got a receipt: {outcome.response.receipt_id}",
            home / "receipt.xml",
        )
    return submission, outcome


def _await_results(settings: Path, submit_id: str) -> Reconciled:
    until = time.monotonic() + _PATIENCE_SECONDS
    with connect(settings).client() as client:
        found = client.reconcile(submit_id)
        while found.finding is Finding.STILL_WORKING and time.monotonic() < until:
            time.sleep(_POLL_SECONDS)
            found = client.reconcile(submit_id)
    return found


def _tell_results(found: Reconciled, home: Path, timeline: _Timeline) -> Exit:
    if not isinstance(found.outcome, Results) or not found.outcome.response.results:
        click.echo(say("처리결과를 받지 못했습니다.", "There were no results."), err=True)
        return Exit.UNKNOWN
    write_new(home / "results.xml", found.outcome.signed.xml)
    [result] = found.outcome.response.results
    timeline.did("처리결과를 받았습니다", "Got the results", home / "results.xml")
    click.echo()
    for info in result.described:
        click.echo(click.style(info.text(language()), fg="green" if result.accepted else "red", bold=True))
    return Exit.GOOD if result.accepted else Exit.REFUSED


def _tell_failure(outcome: SubmitOutcome) -> Exit:
    error = outcome.why.text(language()) if isinstance(outcome, OutcomeUnknown) else repr(outcome)
    click.echo(error, err=True)
    return Exit.UNKNOWN if isinstance(outcome, OutcomeUnknown) else Exit.REFUSED
