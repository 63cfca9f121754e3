"""How fast the service is: issued per second, and issued and accepted end to end, on real processes.

`make bench-service` starts the demo (embedded PostgreSQL, sandbox 국세청, one worker, web) in a folder of its own and
asks it over HTTP as the signing page does; the signatures are made beforehand. Bar: 1,000 invoices issued and
accepted in less than 20 seconds, one worker, two cores. Then a browser signs 1,000 (`signing_page.py`).
"""

import base64
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

import table

COUNT = int(os.environ.get("BENCH_INVOICES", "1000"))
BAR_SECONDS = 20.0
_PORTION = 100
_START_SECONDS = 180
_PATIENCE_SECONDS = 300
Ready = dict[str, int]
Ordered = dict[str, str]
DOJANG = Path(sys.executable).with_name("dojang")


@contextmanager
def demo(folder: Path) -> Iterator[str]:
    """The demo's address, while it runs."""
    environ = os.environ | {"DOJANG_DATA": str(folder), "DOJANG_PORT": "8700"}
    log = (folder.parent / "serve.log").open("w+")
    process = subprocess.Popen([DOJANG, "serve", "--demo"], env=environ, stdout=log, stderr=log)
    try:
        yield _address(process, Path(log.name))
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)


def _address(process: subprocess.Popen[bytes], log: Path) -> str:
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        for line in log.read_text().splitlines():
            if line.startswith("dojang: http"):
                return line.removeprefix("dojang: ")
        time.sleep(0.2)
    sys.exit(f"the demo did not start:\n{log.read_text()}")


def main() -> None:
    """Print what was measured; the exit status says whether the bar was met."""
    with tempfile.TemporaryDirectory() as disk:
        Path(disk).chmod(0o711)  # the embedded server's account has to get through
        folder = Path(disk) / "data"
        with demo(folder) as address:
            met = measure(folder, address)
    sys.exit(0 if met else 1)


def measure(folder: Path, address: str) -> bool:
    """Issue and wait, with Django set up on the running demo's database."""
    from dojang.service.environment import WEB
    from dojang.service.run.database import complete

    environ = os.environ | {
        "DOJANG_DATA": str(folder),
        "DOJANG_DEMO": "1",
        "DOJANG_NTS_SETTINGS": str(folder / "sandbox-nts" / "client" / "client.json"),
    }
    with complete(environ, WEB) as whole:
        os.environ.update(whole)
        os.environ["DJANGO_SETTINGS_MODULE"] = "dojang.service.settings"
        import django

        django.setup()
        return _Run(address).measured()


class _Run:
    """One run, as the demo's owner."""

    def __init__(self, address: str) -> None:
        from django.conf import settings
        from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
        from django.contrib.sessions.backends.db import SessionStore
        from django.middleware.csrf import _get_new_csrf_string

        from dojang.service.accounts.models import User
        from dojang.service.audit.actor import Actor
        from dojang.service.demo.accounts import ACCOUNTS
        from dojang.service.tenancy import crossing
        from dojang.service.tenancy.scope import in_workspace
        from dojang.service.workspaces.members import Member
        from dojang.service.workspaces.models import Business, Workspace

        owner = User.objects.get(email=ACCOUNTS[0].email)
        found = crossing.memberships(owner.pk)[0]
        session = SessionStore()
        session[SESSION_KEY] = str(owner.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = owner.get_session_auth_hash()
        session.create()
        token = _get_new_csrf_string()
        self.http = httpx.Client(
            base_url=f"{address}/w/{found.slug}/",
            cookies={settings.SESSION_COOKIE_NAME: session.session_key, settings.CSRF_COOKIE_NAME: token},
            headers={"X-CSRFToken": token, "Accept": "application/json", "Origin": address},
            timeout=60,
            trust_env=False,
        )
        with in_workspace(found.workspace_id):
            self.workspace = Workspace.objects.get()
            self.business = Business.objects.order_by("pk")[0]
        self.member = Member(found.membership_id, found.role, self.workspace, Actor("user", owner.pk))

    def measured(self) -> bool:
        ready = self._ready()
        ordering, orders = self._timed(self._ordered, ready)
        bodies = self._signed(orders)
        started = time.perf_counter()
        for body in bodies:
            answer = self.http.post("sign/issue/", content=body, headers={"Content-Type": "application/json"})
            answer.raise_for_status()
            assert not answer.json()["refused"], answer.text[:500]
        issuing = time.perf_counter() - started
        self._await_accepted([one["id"] for one in ready])
        whole = time.perf_counter() - started
        met = ordering + whole < BAR_SECONDS * COUNT / 1000
        table.row("orders", f"{COUNT / ordering:.0f} /s")
        table.row("issued: verified, stored, events, jobs", f"{COUNT / issuing:.0f} /s")
        table.row("accepted: from first issue to last result", f"{COUNT / whole:.0f} /s")
        name = f"{COUNT} ordered, issued and accepted"
        table.row(name, f"{ordering + whole:.1f} s", bar=f"< {BAR_SECONDS * COUNT / 1000:.0f} s", met=met)
        return met

    def _timed(
        self, work: Callable[[list[Ready]], list[Ordered]], ready: list[Ready]
    ) -> tuple[float, list[Ordered]]:
        started = time.perf_counter()
        done: list[Ordered] = []
        for at in range(0, len(ready), _PORTION):
            done += work(ready[at : at + _PORTION])
        return time.perf_counter() - started, done

    def _ready(self) -> list[Ready]:
        """Invoices that wait for their signature; making them is not measured."""
        from django.utils import timezone

        from dojang.service.demo.world import load
        from dojang.service.invoices import drafts
        from dojang.service.tenancy.scope import in_workspace

        buyer = load().customers[0]
        now = timezone.now()
        day = timezone.localdate(now).isoformat()
        made = []
        for number in range(COUNT):
            given = {
                "document_type": "0101",
                "written_on": day,
                "purpose": "claim",
                "buyer": {
                    "kind": "business", "number": buyer["number"], "name": buyer["name"],
                    "representative": buyer["representative"], "contacts": [{"email": buyer["contact_email"]}],
                },
                "items": [
                    {"supplied_on": day, "name": f"품목 {number}", "quantity": "1", "unit_price": "50000",
                     "supply_amount": 50000, "tax_amount": 5000}
                ],
            }  # fmt: skip
            with in_workspace(self.workspace.pk):
                row = drafts.create(member=self.member, business=self.business, given=given, now=now)
                row = drafts.finish(member=self.member, invoice_id=row.pk, version=row.version, now=now)
            made.append({"id": row.pk, "version": row.version})
        return made

    def _ordered(self, portion: list[Ready]) -> list[Ordered]:
        answer = self.http.post("sign/orders/", json={"invoices": portion})
        answer.raise_for_status()
        assert not answer.json()["refused"], answer.text[:500]
        return answer.json()["orders"]

    def _signed(self, orders: list[Ordered]) -> list[bytes]:
        """What the page would hand in, in portions."""
        from dojang.etax.signature import sign
        from dojang.etax.xml_reader import read
        from dojang.npki.identity import open_identity
        from dojang.service.certificates import transmitter
        from dojang.service.demo.accounts import CERTIFICATE_PASSPHRASE, certificate_folder

        archive = next((certificate_folder() / self.business.number).glob("*.pfx"))
        identity = open_identity(archive, CERTIFICATE_PASSPHRASE)
        fingerprint = identity.certificate.fingerprint
        sealed = transmitter.seal_random(identity.key.random_number, fingerprint)
        head = {
            "certificate": base64.b64encode(identity.certificate.der).decode(),
            "chain": [],
            "random": {
                "key_id": transmitter.public_key().key_id,
                "sealed": base64.b64encode(sealed).decode(),
            },
        }
        signed = [
            {
                "order": one["order"],
                "xml": sign(
                    read(one["xml"].encode()).invoice, identity.certificate.der, identity.sign
                ).decode(),
            }
            for one in orders
        ]
        portions = [signed[at : at + _PORTION] for at in range(0, len(signed), _PORTION)]
        return [json.dumps(head | {"signed": portion}).encode() for portion in portions]

    def _await_accepted(self, ids: list[int]) -> None:
        from dojang.service.invoices.models import Invoice
        from dojang.service.invoices.states import State
        from dojang.service.tenancy.scope import in_workspace

        until = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < until:
            with in_workspace(self.workspace.pk):
                states = set(Invoice.objects.filter(pk__in=ids).values_list("state", flat=True).distinct())
            if states == {State.ACCEPTED}:
                return
            time.sleep(0.1)
        sys.exit(f"not all were accepted in {_PATIENCE_SECONDS} s: {states}")


if __name__ == "__main__":
    main()
