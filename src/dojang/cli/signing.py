"""`dojang sign` and `dojang verify`."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from dojang.cli import options
from dojang.cli.documents import Issuing, load
from dojang.cli.errors import Exit
from dojang.cli.files import Source, sources, write_new
from dojang.cli.invoices import registration, tell_refusal
from dojang.cli.language import language, say
from dojang.cli.output import print_json, progress, tell_findings
from dojang.errors import DojangError
from dojang.etax import Invoice
from dojang.etax import sign as sign_document
from dojang.npki.findings import CertificateFinding
from dojang.npki.identity import Identity, open_identity
from dojang.npki.trust import TrustStore, check_certificate
from dojang.npki.vid import require_vid
from dojang.verification import examine

# What makes a signature worthless wherever the certificate comes from. Who issued it is 국세청's to judge.
_NEVER_SIGN_WITH = {"expired", "not_yet_valid", "not_for_tax_invoices", "wrong_key_usage"}


@click.command(
    help=say(
        "공동인증서로 서명합니다. JSON이나 서명 없는 XML을 받아 서명된 XML을 한 파일씩 씁니다.",
        "Sign with a joint certificate: invoice JSON or unsigned XML in, signed XML out, one file each.",
    )
)
@options.files
@options.certificate
@click.option(
    "--out",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help=say("쓸 폴더", "folder to write to"),
)
@registration
@options.at
@options.as_json
def sign(
    files: tuple[str, ...],
    cert: Path,
    key: Path | None,
    passphrase_file: Path | None,
    out: Path,
    registration: str,
    at: datetime | None,
    as_json: bool,
) -> Exit:
    moment = at or options.now()
    identity = open_identity(cert, options.passphrase(passphrase_file), key=key)
    require_fit(identity, moment)
    signing = _Signing(identity, Issuing(registration, moment), moment, out, quiet=as_json)
    worst, told = Exit.GOOD, list[dict[str, Any]]()
    for source in progress(sources(files), say("서명", "signing")):
        try:
            entry = signing.sign(source)
        except DojangError as error:
            tell_refusal(source.name, error)
            entry = {"file": source.name, "ok": False, "code": error.code}
        worst = worst if entry["ok"] else Exit.REFUSED
        if as_json:
            told.append(entry)
    if as_json:
        print_json(told)
    return worst


def require_fit(identity: Identity, at: datetime) -> None:
    """Refuse a certificate that nobody may sign a tax invoice with.

    Raises:
        NpkiError: expired, not yet valid, for another use.
    """
    for finding in check_certificate(identity.certificate, TrustStore.korea(), at=at):
        if finding.code in _NEVER_SIGN_WITH:
            raise finding.error


@dataclass(frozen=True, slots=True)
class _Signing:
    """One run of signing."""

    identity: Identity
    issuing: Issuing
    at: datetime
    out: Path
    quiet: bool

    def sign(self, source: Source) -> dict[str, Any]:
        """Check, sign and write one document."""
        found = load(source, self.at)
        tell_findings(source.name, found.findings)
        if found.errors:
            return {"file": source.name, "ok": False, "code": found.errors[0].code}
        invoice = found.invoice
        if found.xml is None:
            invoice = self.issuing.complete(invoice)
        else:
            self.issuing.claim(invoice.issue_id or "")
        self._require_owner(source, invoice)
        data = sign_document(found.xml or invoice, self.identity.certificate.der, self.identity.sign)
        path = self.out / f"{source.stem or invoice.issue_id}.xml"
        write_new(path, data)
        if not self.quiet:
            click.echo(path)
        return {"file": source.name, "ok": True, "issue_id": invoice.issue_id, "output": str(path)}

    def _require_owner(self, source: Source, invoice: Invoice) -> None:
        """The certificate has to be the signer's: 국세청 proves it by R and refuses with SYN002."""
        if self.identity.key.random_number is None:
            click.echo(
                f"{source.name}: "
                + say(
                    "인증서 키에 본인확인 값이 없어 사업자번호와 맞는지 확인하지 못했습니다.",
                    "the key has no identity value, so its owner's business number was not checked.",
                ),
                err=True,
            )
            return
        require_vid(
            self.identity.certificate, self.identity.key.random_number, invoice.signer.business_number
        )


@click.command(
    help=say(
        "서명된 XML을 검증합니다. --anchors가 없으면 국내 인증기관이 발급한 인증서인지 알려만 주고, 있으면 그것으로 판정합니다.",
        "Verify signed XML. Without --anchors, whether a Korean authority issued the certificate is only told; "
        "with it, it decides.",
    )
)
@options.files
@click.option(
    "--anchors",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help=say("믿을 인증기관 인증서가 든 폴더", "folder of CA certificates to trust"),
)
@click.option(
    "--archive",
    is_flag=True,
    help=say("2012년 이전 SHA-1 서명도 인정", "also accept SHA-1, from before 2012"),
)
@options.at
@options.as_json
def verify_command(
    files: tuple[str, ...], anchors: Path | None, archive: bool, at: datetime | None, as_json: bool
) -> Exit:
    store = TrustStore.korea() if anchors is None else trust(anchors)
    verifying = _Verifying(store=store, archive=archive, at=at, is_strict=anchors is not None)
    worst, told = Exit.GOOD, list[dict[str, Any]]()
    for source in progress(sources(files), say("검증", "verifying")):
        entry = verifying.verify(source)
        worst = worst if entry["ok"] else Exit.REFUSED
        if as_json:
            told.append(entry)
        else:
            for line in _lines(source.name, entry):
                click.echo(line)
    if as_json:
        print_json(told)
    return worst


def trust(folder: Path) -> TrustStore:
    """The authorities in a folder, or in the test CA that `dojang testca` keeps there."""
    return TrustStore.from_folder(anchor_folder(folder))


def anchor_folder(folder: Path) -> Path:
    """Where the certificates of authorities lie in a folder that was named."""
    inside = folder / "testca"
    return inside if inside.is_dir() else folder


@dataclass(frozen=True, slots=True, kw_only=True)
class _Verifying:
    """One run of verifying."""

    store: TrustStore
    archive: bool
    at: datetime | None
    is_strict: bool

    def verify(self, source: Source) -> dict[str, Any]:
        """The verdict on one document, for machines."""
        try:
            found = examine(source.data, self.store, now=options.now(), at=self.at, archive=self.archive)
        except DojangError as error:
            return {
                "file": source.name,
                "ok": False,
                "signature": False,
                "code": error.code,
                "ko": error.text("ko"),
                "en": error.text("en"),
            }
        signed, invoice, certificate = found.signed, found.invoice, found.certificate
        return {
            "file": source.name,
            "ok": found.is_trusted or not self.is_strict,
            "signature": True,
            "trusted": found.is_trusted,
            "signer": certificate.owner,
            "ca": certificate.ca,
            "valid_from": certificate.valid_from.isoformat(),
            "valid_to": certificate.valid_to.isoformat(),
            "archive": signed.is_archive,
            "issue_id": invoice.issue_id,
            "total_amount": invoice.total_amount,
            "covered": list(signed.covered),
            "uncovered": list(signed.uncovered),
            "certificate_findings": [
                certificate_finding_data(finding) for finding in found.certificate_findings
            ],
        }


def certificate_finding_data(finding: CertificateFinding) -> dict[str, str]:
    """A finding about a certificate, for machines."""
    return {"code": finding.code, "severity": finding.severity, "ko": finding.ko, "en": finding.en}


def _lines(name: str, entry: dict[str, Any]) -> Iterator[str]:
    if not entry["signature"]:
        yield f"{name}: {click.style('✗', fg='red')} {entry[language()]}"
        return
    mark = click.style("✓", fg="green") if entry["trusted"] else click.style("!", fg="yellow")
    yield f"{name}: {mark} " + say(
        f"서명이 맞습니다. {entry['signer']} ({entry['ca']}), 승인번호 {entry['issue_id']}, 합계 {entry['total_amount']:,}원",
        f"the signature holds. {entry['signer']} ({entry['ca']}), issue id {entry['issue_id']}, {entry['total_amount']:,} won",
    )
    if entry["archive"]:
        yield say("    2012년 이전의 SHA-1 서명입니다.", "    It is a SHA-1 signature from before 2012.")
    for finding in entry["certificate_findings"]:
        yield f"    {finding[language()]}"
