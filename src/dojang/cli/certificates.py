"""`dojang cert list|show|check` and `dojang testca`."""

from datetime import date, datetime
from pathlib import Path
from typing import Any
from unicodedata import east_asian_width

import click

from dojang.cli import options
from dojang.cli.errors import CannotWriteFile, Exit
from dojang.cli.files import read
from dojang.cli.language import language, say
from dojang.cli.output import print_json
from dojang.cli.signing import certificate_finding_data, trust
from dojang.etax import KST
from dojang.etax.identifiers import normalize
from dojang.npki import pbe
from dojang.npki.certificates import Certificate
from dojang.npki.crl import Crl, CrlStore
from dojang.npki.discover import find_certificates
from dojang.npki.errors import KeyDoesNotMatchCertificate, NpkiError
from dojang.npki.files import entries
from dojang.npki.identity import open_identity
from dojang.npki.testca import TAX_INVOICE_POLICY, TestCA
from dojang.npki.trust import TrustStore, check_certificate
from dojang.npki.vid import require_vid

_LABEL_WIDTH = 10
_PFX_NEEDS_A_PASSPHRASE = (".pfx", ".p12")


@click.group(help=say("공동인증서를 찾고, 보고, 검사합니다.", "Find, show and check joint certificates."))
def cert() -> None: ...


def _day(moment: datetime) -> date:
    return moment.astimezone(KST).date()


def certificate_data(certificate: Certificate) -> dict[str, Any]:
    """What a certificate says, for machines."""
    policy = certificate.policy
    return {
        "owner": certificate.owner,
        "ca": certificate.ca,
        "policy": certificate.policy_oids[0] if certificate.policy_oids else None,
        "policy_name": (policy.ko if language() == "ko" else policy.en) if policy else None,
        "valid_from": certificate.valid_from.isoformat(),
        "valid_to": certificate.valid_to.isoformat(),
        "serial": certificate.serial_hex,
        "fingerprint": certificate.fingerprint,
        "subject": certificate.subject,
        "issuer": certificate.issuer,
    }


def _print_certificate(data: dict[str, Any]) -> None:
    rows = (
        (say("소유자", "owner"), data["owner"]),
        (say("인증기관", "CA"), data["ca"]),
        (say("용도", "use"), f"{data['policy_name'] or say('알 수 없음', 'unknown')} ({data['policy']})"),
        (
            say("유효기간", "valid"),
            f"{_day(datetime.fromisoformat(data['valid_from']))} – {_day(datetime.fromisoformat(data['valid_to']))}",
        ),
        (say("일련번호", "serial"), data["serial"]),
    )
    for label, value in rows:
        _print_row(label, value)


def _print_row(label: str, value: str) -> None:
    """A label and its value in columns; a Korean letter is two columns wide."""
    width = sum(2 if east_asian_width(letter) in "WF" else 1 for letter in label)
    click.echo(f"{label}{' ' * (_LABEL_WIDTH - width)}{value}")


@cert.command(
    "list",
    help=say(
        "인증서 폴더를 찾습니다. 폴더를 주지 않으면 이 운영체제의 보통 자리를 봅니다.",
        "Find certificate folders, in the usual places of this system unless folders are given.",
    ),
)
@click.argument("folders", nargs=-1, type=click.Path(exists=True, file_okay=False, path_type=Path))
@options.as_json
def list_(folders: tuple[Path, ...], as_json: bool) -> Exit:
    found = find_certificates(folders or None)
    if as_json:
        print_json([{"folder": str(one.folder)} | certificate_data(one.certificate) for one in found])
    elif not found:
        click.echo(
            say(
                "찾은 인증서가 없습니다. 인증서가 든 폴더를 알려 주세요.",
                "No certificate found. Name its folder.",
            )
        )
    for one in () if as_json else found:
        click.echo(f"{one.certificate.owner} · {one.certificate.ca} · {_day(one.certificate.valid_to)}")
        click.echo(f"    {one.folder}")
    return Exit.GOOD


@cert.command(
    help=say(
        "인증서를 보여 줍니다. 비밀번호를 주면 키를 열어 짝이 맞는지 확인합니다.",
        "Show a certificate; with a passphrase, open its key and see that they belong together.",
    )
)
@click.argument("path", type=click.Path(path_type=Path))
@click.option(
    "--key", type=click.Path(dir_okay=False, path_type=Path), help=say("개인키 파일", "private key file")
)
@options.passphrase_file
@options.as_json
def show(path: Path, key: Path | None, passphrase_file: Path | None, as_json: bool) -> Exit:
    is_lone = key is None and path.is_file() and path.suffix.lower() not in _PFX_NEEDS_A_PASSPHRASE
    if is_lone and passphrase_file is None:
        data = certificate_data(Certificate.load(read(path))) | dict.fromkeys(
            ("scheme", "has_r", "key_matches")
        )
    else:
        data = _opened(path, key, options.passphrase(passphrase_file))
    if as_json:
        print_json(data)
    else:
        _print_certificate(data)
        if data["scheme"]:
            _print_row(say("개인키", "key"), data["scheme"])
        if data["key_matches"] is False:
            click.echo(KeyDoesNotMatchCertificate().text(language()), err=True)
    return Exit.REFUSED if data["key_matches"] is False else Exit.GOOD


def _opened(path: Path, key: Path | None, passphrase: str) -> dict[str, Any]:
    """What a certificate and its key say; that they are no pair is an answer here, not a refusal."""
    try:
        identity = open_identity(path, passphrase, key=key)
    except KeyDoesNotMatchCertificate:
        certificate = Certificate.load(read(path if path.is_file() else _signing_certificate(path)))
        return certificate_data(certificate) | {"scheme": None, "has_r": None, "key_matches": False}
    return certificate_data(identity.certificate) | {
        "scheme": identity.key.scheme,
        "has_r": identity.key.random_number is not None,
        "key_matches": True,
    }


def _signing_certificate(folder: Path) -> Path:
    return entries(folder)["signcert.der"]


@cert.command(
    help=say(
        "전자세금계산서에 쓸 수 있는지 검사합니다: 발급기관, 유효기간, 용도, 폐지, 사업자번호.",
        "Check whether it may sign tax invoices: issuer, validity, use, revocation, business number.",
    )
)
@click.argument("path", type=click.Path(path_type=Path))
@click.option(
    "--key", type=click.Path(dir_okay=False, path_type=Path), help=say("개인키 파일", "private key file")
)
@options.passphrase_file
@click.option(
    "--business-number", help=say("소유자여야 하는 사업자번호", "business number that has to be its owner's")
)
@click.option(
    "--anchors",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help=say("국내 인증기관 대신 믿을 인증기관 폴더", "folder of CAs to trust instead of the Korean ones"),
)
@click.option(
    "--crl",
    "crls",
    multiple=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help=say("폐지목록 파일", "revocation list"),
)
@options.at
@options.as_json
def check(
    path: Path,
    key: Path | None,
    passphrase_file: Path | None,
    business_number: str | None,
    anchors: Path | None,
    crls: tuple[Path, ...],
    at: datetime | None,
    as_json: bool,
) -> Exit:
    store = TrustStore.korea() if anchors is None else trust(anchors)
    findings: list[dict[str, str]] = []
    if business_number is None and passphrase_file is None:
        certificate = Certificate.load(read(_signing_certificate(path) if path.is_dir() else path))
    else:
        identity = open_identity(path, options.passphrase(passphrase_file), key=key)
        certificate = identity.certificate
        if business_number is not None:
            findings += _owner_findings(certificate, identity.key.random_number, business_number)
    revocation = CrlStore([Crl.load(read(file)) for file in crls], store.certificates) if crls else None
    checked = check_certificate(certificate, store, at=at or options.now(), revocation=revocation)
    findings += [certificate_finding_data(finding) for finding in checked]
    good = all(finding["severity"] != "error" for finding in findings)
    if as_json:
        print_json(certificate_data(certificate) | {"ok": good, "findings": findings})
    else:
        _print_certificate(certificate_data(certificate))
        for finding in findings:
            click.echo(f"- {finding[language()]}")
        if good:
            click.echo(say("전자세금계산서에 쓸 수 있습니다.", "It may sign tax invoices."))
    return Exit.GOOD if good else Exit.REFUSED


def _owner_findings(certificate: Certificate, random_number: Any, number: str) -> list[dict[str, str]]:  # noqa: ANN401
    try:
        require_vid(certificate, random_number, normalize(number))
    except NpkiError as error:
        return [{"code": error.code, "severity": "error", "ko": error.text("ko"), "en": error.text("en")}]
    return []


@click.command(
    help=say(
        "시험용 인증기관을 만들거나 다시 써서, 폴더와 .pfx로 인증서를 발급합니다.",
        "Make or reuse a test CA and issue a certificate from it, as a folder and as .pfx.",
    )
)
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--business-number", required=True, help=say("사업자번호 10자리", "business number, ten digits")
)
@click.option("--name", required=True, help=say("상호", "name of the company"))
@options.passphrase_file
@click.option(
    "--scheme",
    type=click.Choice(sorted(pbe.SCHEMES)),
    default=pbe.DEFAULT_SCHEME,
    show_default=True,
    help=say("개인키 암호화 방식", "how the key is encrypted"),
)
@click.option(
    "--policy",
    default=TAX_INVOICE_POLICY,
    show_default=True,
    metavar="OID",
    help=say("인증서 정책", "certificate policy"),
)
@click.option("--expired", is_flag=True, help=say("이미 만료된 인증서", "one that has expired already"))
@options.as_json
def testca(
    folder: Path,
    business_number: str,
    name: str,
    passphrase_file: Path | None,
    scheme: str,
    policy: str,
    expired: bool,
    as_json: bool,
) -> Exit:
    now = options.now()
    secret = options.passphrase(passphrase_file)
    try:
        authority = TestCA.load_or_create(folder, now=now)
        identity = authority.issue(
            normalize(business_number), name, passphrase=secret, scheme=scheme, policy=policy, expired=expired
        )
        home, pfx = authority.write(identity, folder)
    except OSError:
        raise CannotWriteFile(name=folder) from None
    except ValueError:
        raise click.BadParameter(
            say("사업자번호·정책을 확인하세요.", "Check the business number and the policy.")
        ) from None
    if as_json:
        print_json({"folder": str(home), "pfx": str(pfx)})
    else:
        click.echo(home)
        click.echo(pfx)
    return Exit.GOOD
