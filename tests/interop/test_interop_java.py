"""The JDK judges our signatures: it takes every one that we make, digests the same octets, and we take none that it refuses."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings

from dojang.etax import DocumentType, EtaxError, Invoice, sign, verify
from dojang.etax import xmldsig as x
from dojang.etax.canonical import canonical, parse
from etax.etax_samples import CERTIFICATE, KEC, SIGNED, UNSIGNED, forge, numbered, replaced, sign_bytes
from etax.etax_strategies import invoices

pytestmark = pytest.mark.interop

PROGRAM = Path(__file__).parent / "VerifyKec.java"
PLAIN = (KEC / "unsigned" / "0101-plain.xml").read_bytes().decode()
GOLDEN = (KEC / "signed" / "0101-plain.xml").read_bytes().decode()
NOT_RUN = (
    "not run: the JDK's verdict on our signatures. Install a JDK (17 or newer) and put `java` on the PATH."
)


def not_run() -> None:
    """Where there is no JDK: said plainly, and a failure in continuous integration."""
    if os.environ.get("CI") == "true":
        pytest.fail(NOT_RUN)
    pytest.skip(NOT_RUN)


@dataclass
class Judge:
    """Documents for the JDK, and its verdicts, all from one start of it."""

    folder: Path
    documents: dict[str, bytes] = field(default_factory=dict)
    verdicts: dict[str, str] = field(default_factory=dict)

    def ask(self) -> None:
        files = []
        for number, (name, octets) in enumerate(self.documents.items()):
            path = self.folder / f"{number:05}.xml"
            path.write_bytes(octets)
            files.append((name, path))
        listed = self.folder / "list"
        listed.write_text("\n".join(str(path) for _, path in files))
        java = shutil.which("java")
        if java is None:
            not_run()
        done = subprocess.run(
            [java, str(PROGRAM), "--octets", str(self.folder), f"@{listed}"],
            capture_output=True,
            check=False,
            timeout=300,
        )
        if b"jdk.compiler" in done.stderr:  # a JRE, which cannot run a source file
            not_run()
        assert done.returncode == 0, done.stderr.decode()
        lines = done.stdout.decode().rstrip("\n").split("\n")  # not at U+2028, which a message may quote
        for (name, path), line in zip(files, lines, strict=True):
            verdict, _, rest = line.partition(" ")
            assert rest.startswith(path.name)
            self.verdicts[name] = verdict if verdict == "OK" else line

    def octets(self, name: str) -> bytes:
        number = list(self.documents).index(name)
        return (self.folder / f"{number:05}.xml.octets").read_bytes()

    def refused(self, prefix: str) -> dict[str, str]:
        return {
            name: line for name, line in self.verdicts.items() if name.startswith(prefix) and line != "OK"
        }


def generated() -> list[Invoice]:
    found: list[Invoice] = []

    @settings(phases=[Phase.generate], database=None)
    @given(invoices())
    def collect(invoice: Invoice) -> None:
        found.append(invoice)

    collect()
    return found


TAMPERED = {
    "amount": GOLDEN.replace("<ChargeTotalAmount>10000<", "<ChargeTotalAmount>10001<"),
    "white space between parts": GOLDEN.replace("</ExchangedDocument>\n", "</ExchangedDocument>"),
    "extra namespace on the root": GOLDEN.replace("<TaxInvoice ", '<TaxInvoice xmlns:z="u:z" '),
    "xml:lang on the root": GOLDEN.replace("<TaxInvoice ", '<TaxInvoice xml:lang="ko" '),
    "DTD": GOLDEN.replace("?>", "?><!DOCTYPE TaxInvoice>", 1),
    "signature value": re.sub("<ds:SignatureValue>.", "<ds:SignatureValue>A", GOLDEN),
    "digest": re.sub("<ds:DigestValue>.", "<ds:DigestValue>A", GOLDEN),
    "second signature": GOLDEN.replace("</TaxInvoice>", f'<ds:Signature xmlns:ds="{x.DS}"/></TaxInvoice>'),
    "declared as EUC-KR": GOLDEN.replace("UTF-8", "EUC-KR"),
}

# What the JDK takes and a verifier of tax invoices has to take as well.
HARMLESS = {
    "ExchangedDocument edited": GOLDEN.replace("SYN-0101", "OTHER"),
    "schemaLocation edited": re.sub('xsi:schemaLocation="[^"]*"', 'xsi:schemaLocation="u:x y"', GOLDEN),
    "comment in an amount": GOLDEN.replace(">10000<", ">10<!-- x -->000<"),
    "CDATA in an amount": GOLDEN.replace(">10000<", "><![CDATA[10000]]><"),
    "CRLF": GOLDEN.replace("\n", "\r\n"),
    "BOM": "\ufeff" + GOLDEN,
    "comments around the root": GOLDEN.replace("<TaxInvoice ", "<!-- x --><TaxInvoice ") + "<!-- y -->",
    "default namespace declared again": GOLDEN.replace(
        "<TaxInvoiceDocument>",
        f'<TaxInvoiceDocument xmlns="{re.search("xmlns=.(.*?).xmlns", GOLDEN)[1].split(chr(34))[0]}">',
    ),
}


def odd_documents() -> dict[str, str]:
    """Documents of strange namespaces and characters, unsigned: where one form of octets differs from another."""
    inside = "<TaxInvoiceDocument>"
    parts = {
        "unknown element with a namespace": f'{inside}<x:y xmlns:x="u:x" x:a="1"><x:z/></x:y>',
        "default namespace taken away and back": f'{inside}<y xmlns=""><z xmlns="u:1"><w xmlns=""/></z></y>',
        "xsi means something else": '<TaxInvoiceDocument xmlns:xsi="u:x">',
        "xsi means something else and back": '<TaxInvoiceDocument xmlns:xsi="u:x">'
        '<a xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"/>',
        "namespace of its own": '<TaxInvoiceDocument xmlns:q="u:q" q:z="1" a="2">',
        "prefixed TaxInvoice": f'{inside}<p:TaxInvoice xmlns:p="u:x">x</p:TaxInvoice>',
        "ds that is not a signature": f'{inside}<ds:Object xmlns:ds="{x.DS}"/>',
        "attributes in another order": '<TaxInvoiceDocument xmlns:b="u:a" xmlns:a="u:b" a:x="1" b:x="2" z="3" B="4">',
        "attribute with everything": "<TaxInvoiceDocument a='&#9;&#10;&#13;&lt;&gt;&quot;&amp;&apos;\t\n x'>",
        "carriage return": f"{inside}<a>&#xD;&#xA;&#13;</a>",
        "line ends of other standards": f"{inside}<a>\x85\u2028\xa0\ufeff</a>",
        "astral characters": f"{inside}<a>\U0002000b\U0010ffff</a>",
    }
    documents = {name: replaced(PLAIN, inside, part) for name, part in parts.items()}
    root = {
        "extra namespaces": 'xmlns:q="u:q" xmlns:b="u:b"',
        "ds": f'xmlns:ds="{x.DS}"',
        "attribute": 'a="1"',
    }
    return documents | {
        f"root {name}": replaced(PLAIN, "<TaxInvoice ", f"<TaxInvoice {text} ") for name, text in root.items()
    }


XPATH = x.INVOICE.xpath


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Judge:
    judge = Judge(tmp_path_factory.mktemp("jdk"))
    add = judge.documents
    add |= {f"golden {path.stem}": path.read_bytes() for path in SIGNED}
    add |= {f"ours {path.stem}": sign(path.read_bytes(), CERTIFICATE, sign_bytes) for path in UNSIGNED}
    for kind in DocumentType:
        add[f"ours of type {kind.value}"] = sign(numbered(document_type=kind.value), CERTIFICATE, sign_bytes)
    for number, invoice in enumerate(generated()):
        add[f"ours generated {number}"] = sign(invoice, CERTIFICATE, sign_bytes)
    add |= {
        f"ours odd {name}": sign(text.encode(), CERTIFICATE, sign_bytes)
        for name, text in odd_documents().items()
    }
    add |= {f"tampered {name}": text.encode() for name, text in TAMPERED.items()}
    add |= {f"harmless {name}": text.encode() for name, text in HARMLESS.items()}
    add |= {f"strange {name}": octets for name, octets in strange_signatures().items()}
    judge.ask()
    return judge


def strange_signatures() -> dict[str, bytes]:
    """Signatures whose values are right, with something strange about them."""
    one = "<ds:X509Certificate>"
    xpaths = {
        "blank in a literal": XPATH.replace("'TaxInvoice'", "'Tax Invoice'"),
        "blank in a name": XPATH.replace("ds:Signature", "ds : Signature"),
        "blank in an axis": XPATH.replace("ancestor-or-self::ds", "ancestor -or-self::ds"),
        "no blanks": "".join(XPATH.split()),
        "line breaks": XPATH.replace(" | ", "\n|\t"),
    }
    key_infos = {
        "two KeyInfo": ("</ds:KeyInfo>", "</ds:KeyInfo><ds:KeyInfo><ds:KeyName>x</ds:KeyName></ds:KeyInfo>"),
        "Object between KeyInfo": ("</ds:KeyInfo>", "</ds:KeyInfo><ds:Object/><ds:KeyInfo></ds:KeyInfo>"),
        "certificate of another namespace": (one, '<ds:X509Certificate xmlns:ds="u:x">'),
        "certificate without X509Data": ("ds:X509Data>", "evil>"),
        "second certificate": (one, f'<d:X509Certificate xmlns:d="{x.DS}">AAAA</d:X509Certificate>{one}'),
        "CDATA in the value": ("<ds:SignatureValue>", "<ds:SignatureValue><![CDATA[]]>"),
    }
    made = {
        f"xpath: {name}": forge(PLAIN, info=lambda info, new=new: replaced(info, XPATH, new))
        for name, new in xpaths.items()
    }
    for name, (old, new) in key_infos.items():
        made[name] = forge(PLAIN, signature=lambda text, old=old, new=new: text.replace(old, new))
    return made


def test_the_jdk_takes_every_document_that_we_sign(judge: Judge):
    assert judge.refused("ours") == {}
    assert judge.refused("golden") == {}
    assert len([name for name in judge.documents if name.startswith("ours of type")]) == len(DocumentType)


def test_the_jdk_digests_the_octets_that_we_digest(judge: Judge):
    for name, document in judge.documents.items():
        if name.startswith(("ours", "golden", "harmless")):
            assert judge.octets(name) == x.signed_octets(canonical(parse(document)), x.INVOICE), name


def test_the_jdk_refuses_what_was_tampered_with_and_so_do_we(judge: Judge):
    assert len(judge.refused("tampered")) == len(TAMPERED)
    for name in TAMPERED:
        assert judge.documents[f"tampered {name}"] != GOLDEN.encode()
        assert not we_take(judge.documents[f"tampered {name}"]), name


def test_the_jdk_takes_what_changes_nothing_and_so_do_we(judge: Judge):
    assert judge.refused("harmless") == {}
    for name in HARMLESS:
        assert judge.documents[f"harmless {name}"] != GOLDEN.encode()
        assert we_take(judge.documents[f"harmless {name}"]), name


def test_we_take_nothing_that_the_jdk_refuses(judge: Judge):
    taken = {name for name, document in judge.documents.items() if we_take(document)}
    assert {name: line for name, line in judge.verdicts.items() if line != "OK" and name in taken} == {}
    assert len(judge.refused("strange")) >= 7


def we_take(document: bytes) -> bool:
    try:
        verify(document)
    except EtaxError:
        return False
    return True
