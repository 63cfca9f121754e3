"""Prepares what a test needs in a running demo, through the services themselves: `python clerk.py`.

A process of its own, since Django and the database under it belong to the demo: one JSON request a line on the
standard input, one answer a line on the standard output. `Clerk` in desk.py is the other side.
"""

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from time import sleep
from typing import Any
from uuid import uuid4

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS), str(TESTS / "service")]

from dojang.service.environment import EVERY_PROCESS  # noqa: E402
from dojang.service.run.database import complete  # noqa: E402


def office(
    number: str, *, name: str = "(주)도장상사", roles: tuple[str, ...] = (), at_once: bool = True
) -> dict[str, Any]:
    """A workspace with one business, its owner, and one more member for each role."""
    from django.utils import timezone
    from service_world import PASSWORD, add_member, details, first_business, make_user, make_workspace

    from dojang.service.accounts.models import User
    from dojang.service.tenancy.scope import in_workspace
    from dojang.service.workspaces.models import TransmitPolicy

    def user(role: str, password: str | None = None) -> User:
        return make_user(f"{role}-{number}@people.example", _NAMES[role], password=password)

    owner = user("owner", PASSWORD)
    business = details(number, name=name)
    workspace = make_workspace(owner, name, business=business, now=timezone.now())
    workspace.transmit_policy = TransmitPolicy.AT_ONCE if at_once else TransmitPolicy.AFTER_MINUTES
    with in_workspace(workspace.pk):
        workspace.save(update_fields=["transmit_policy"])
    people = {"owner": owner} | {role: user(role) for role in roles}
    for role in roles:
        add_member(workspace, role, people[role])
    return {
        "workspace": workspace.pk,
        "slug": workspace.slug,
        "business": first_business(workspace).pk,
        "number": number,
        "people": {
            role: {"email": one.email, "name": one.name, "session": session(one.email)}
            for role, one in people.items()
        },
        "password": PASSWORD,
    }


_NAMES = {"owner": "김하나", "admin": "이두리", "issuer": "박세리", "writer": "최네온", "viewer": "정다섯"}


def session(email: str) -> str:
    """The session of somebody who has logged in and just shown again who they are."""
    from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
    from django.http import HttpRequest
    from service_world import client_of

    from dojang.service.accounts.models import User

    user = User.objects.get(email=email)
    client, request = client_of(user), HttpRequest()
    request.session, request.user = client.session, user
    reauthenticate_by_password(request)
    request.session.save()
    return client.cookies["sessionid"].value


def ready(
    workspace: int,
    count: int = 1,
    *,
    buyer: str = "구매처",
    number: str = "",
    email: str = "",
    draft_of: str = "",
) -> list[int]:
    """Invoices of today that wait for their signatures, told apart by their buyers' names.

    With `draft_of` they are drafts of the member with that address.
    """
    from django.utils import timezone
    from service_world import acting, first_business
    from signing_world import content, make_ready

    from dojang.etax.invoice import KST
    from dojang.service.accounts.models import User
    from dojang.service.invoices import drafts
    from dojang.service.tenancy.scope import in_workspace
    from dojang.service.workspaces.models import Workspace

    now = timezone.now()
    today = now.astimezone(KST).date().isoformat()
    with in_workspace(workspace):
        found = Workspace.objects.get()
    given = content(written_on=today)
    given["items"][0]["supplied_on"] = today
    whom = given["buyer"] | ({"number": number} if number else {})
    whom |= {"contacts": [{"email": email}]} if email else {}
    all_given = [given | {"buyer": whom | {"name": f"{buyer} {one}호(주)"}} for one in range(1, count + 1)]
    if not draft_of:
        return [make_ready(found, now=now, **one).pk for one in all_given]
    member, business = acting(found, User.objects.get(email=draft_of)), first_business(found)
    with in_workspace(workspace):
        made = [drafts.create(member=member, business=business, given=one, now=now) for one in all_given]
    return [one.pk for one in made]


def sold(
    workspace: int, archive: str, passphrase: str, documents: list[dict[str, Any]], *, wait: bool = True
) -> list[int]:
    """Invoices of today, signed with what lies in a .pfx, that the NTS has accepted.

    Each of `documents` may name its buyer (`name`, `number`, `email`) and its `items` (name, supply amount). Nobody
    waits for the NTS without `wait`.
    """
    from django.utils import timezone
    from signing_world import content, issue, make_ready

    from dojang.etax.invoice import KST
    from dojang.service.tenancy.scope import in_workspace
    from dojang.service.workspaces.models import Workspace

    now = timezone.now()
    today = now.astimezone(KST).date().isoformat()
    who = _Holder.of(archive, passphrase)
    with in_workspace(workspace):
        found = Workspace.objects.get()

    def ready(one: dict[str, Any]) -> Any:
        buyer = content()["buyer"] | {name: one[name] for name in ("name", "number") if name in one}
        buyer["contacts"] = [{"email": one["email"]}] if "email" in one else []
        items = [
            {"supplied_on": today, "name": name, "supply_amount": supply, "tax_amount": supply // 10}
            for name, supply in one.get("items", [("복사용지", 1_000_000)])
        ]
        return make_ready(found, now=now, written_on=today, buyer=buyer, items=items)

    made = [ready(one) for one in documents]
    done = issue(found, who, *made, now=now)
    for one in done.refused:
        raise one.why
    ids = [one.pk for one in made]
    while wait and states(workspace, ids) != {"accepted": len(ids)}:
        sleep(0.1)  # the worker sends them
    return ids


def register(workspace: int, archive: str, passphrase: str) -> None:
    """Register what lies in a .pfx as the owner's certificate."""
    from django.utils import timezone
    from service_world import first_business
    from signing_world import register

    from dojang.service.tenancy.scope import in_workspace
    from dojang.service.workspaces.models import Workspace

    with in_workspace(workspace):
        found = Workspace.objects.get()
    register(found, first_business(found), _Holder.of(archive, passphrase), now=timezone.now())


@dataclass(frozen=True)
class _Holder:
    """Somebody with a certificate as it lies on their disk: what `signing_world.Keeper` does with one of tests."""

    identity: Any

    @classmethod
    def of(cls, archive: str, passphrase: str) -> "_Holder":
        from dojang.npki.identity import open_identity

        return cls(open_identity(Path(archive), passphrase))

    @property
    def der(self) -> bytes:
        return self.identity.certificate.der

    @property
    def fingerprint(self) -> str:
        return self.identity.certificate.fingerprint

    def sign(self, data: bytes) -> bytes:
        return self.identity.sign(data)

    def sealed(self) -> bytes:
        from dojang.service.certificates import transmitter

        return transmitter.seal_random(self.identity.key.random_number, self.fingerprint)

    def signer(self) -> Any:
        from dojang.service.certificates import transmitter
        from dojang.service.invoices import issuing

        return issuing.Signer(self.der, transmitter.public_key().key_id, self.sealed())


def states(workspace: int, ids: list[int] | None = None) -> dict[str, int]:
    """How many invoices of a workspace, or of these, stand where."""
    from django.db.models import Count

    from dojang.service.invoices.models import Invoice
    from dojang.service.tenancy.scope import in_workspace

    with in_workspace(workspace):
        asked = Invoice.objects.all() if ids is None else Invoice.objects.filter(pk__in=ids)
        counted = asked.order_by().values("state").annotate(count=Count("pk"))
        return {one["state"]: one["count"] for one in counted}


def refuse(workspace: int, invoice: int) -> None:
    """Have the NTS refuse an issued invoice once it is sent."""
    from dojang.service.demo import building
    from dojang.service.invoices.models import Invoice
    from dojang.service.tenancy.scope import in_workspace

    with in_workspace(workspace):
        number = Invoice.objects.get(pk=invoice).issue_id
    building._fault({"kind": "code", "issue_id": number, "codes": ["ERR002"]})


def run_out(workspace: int) -> None:
    """The time of every 역발행 request of a workspace is over, and the worker has seen it."""
    from datetime import timedelta

    from django.utils import timezone

    from dojang.service.reverse import rounds
    from dojang.service.reverse.models import ReverseRequest
    from dojang.service.tenancy.scope import in_workspace

    now = timezone.now()
    with in_workspace(workspace):
        ReverseRequest.objects.update(expires_at=now - timedelta(seconds=1))
        rounds.expire(now=now)


def read_revocation_lists() -> None:
    """Have the worker do what it does each hour."""
    from dojang.service.certificates.tasks import refresh_revocation

    refresh_revocation.defer(timestamp=0)


def addresses() -> dict[str, str]:
    """Every address of the service, by name."""
    from django.urls import URLPattern, get_resolver

    found = {}

    def walk(patterns: list[Any], before: str) -> None:
        for one in patterns:
            path = before + str(one.pattern)
            if isinstance(one, URLPattern):
                found[one.name or path] = path
            else:
                walk(one.url_patterns, path)

    walk(get_resolver().url_patterns, "/")
    return found


def furnish(email: str) -> dict[str, Any]:
    """See that somebody's first workspace has something of each kind; and its rows: what addresses name."""
    from django.utils import timezone
    from service_world import acting

    from dojang.service.accounts.models import User
    from dojang.service.notices.models import CapturedMail
    from dojang.service.tenancy import crossing
    from dojang.service.tenancy.scope import in_workspace
    from dojang.service.workspaces.models import Workspace
    from dojang.service.workspaces.roles import Role
    from dojang.service.workspaces.services.businesses import save_branch
    from dojang.service.workspaces.services.invitations import invite

    user, now = User.objects.get(email=email), timezone.now()
    number = crossing.memberships(user.pk)[0].workspace_id
    with in_workspace(number):
        workspace = Workspace.objects.get()
    member = acting(workspace, user)
    with in_workspace(number):
        if not _first("branch_id"):
            business = _first("business_id")
            save_branch(
                member=member, business_id=business, number="0001", name="물류센터", address="", now=now
            )
            invite(member=member, email="new@people.example", role=Role.WRITER, now=now)
    while not CapturedMail.objects.exists():
        sleep(0.1)  # the worker sends the invitation
    _hometax_list(member, workspace, now)
    asked, filled_in = _reverse(member), _billing(member)
    amendment, deal = _amendment(member)
    with in_workspace(number):
        found = {"slug": workspace.slug, "rows": _rows(), "token": _token(), "deal": deal}
        found["rows"]["amendment_id"] = amendment
        found["rows"]["request_id"] = found["rows"]["reverserequest_id"]
        found["rows"]["billing_id"] = found["rows"]["billingrequest_id"]
        found["rows"]["incoming_id"] = found["rows"]["incomingreverse_id"]
    return found | {"session": session(email), "asked": asked, "filled_in": filled_in}


def _amendment(member: Any) -> tuple[int, str]:
    """An amendment whose documents are shown before they are made, and the name of its deal."""
    from django.utils import timezone

    from dojang.service.amendments import services
    from dojang.service.amendments.steps import step_of
    from dojang.service.invoices.models import Invoice
    from dojang.service.tenancy.scope import in_workspace

    now = timezone.now()
    with in_workspace(member.workspace.pk):
        rows = Invoice.objects.filter(state="accepted", amendment_reason="", document_type="0101")
        invoice = rows.select_related("business").order_by("pk")[0]
        row = services.start(member=member, invoice=invoice, now=now)
        row = services.choose(member=member, amendment_id=row.pk, event="other_fields", now=now)
        for question, value in (
            ("fields_which", "remarks"),
            ("fields_remarks_wanted", "yes"),
            ("fields_remarks", "창고 인도"),
        ):
            row = services.answer(member=member, amendment_id=row.pk, question=question, value=value, now=now)
        assert step_of(row, now=now).ready is not None
        return row.pk, row.chain


def _billing(member: Any) -> str:
    """A customer that was asked for its billing data and has filled it in: the token of its link."""
    from datetime import timedelta

    from django.utils import timezone
    from service_world import first_business

    from dojang.service.billing import asking, guests
    from dojang.service.billing.models import BillingRequest
    from dojang.service.counterparties.details import ContactDetails, Details
    from dojang.service.counterparties.models import Counterparty
    from dojang.service.links import tokens
    from dojang.service.tenancy.scope import in_workspace

    now = timezone.now()
    business = first_business(member.workspace)
    # Every module furnishes the same demo anew, and one address is asked a few times a day at most.
    email = f"sara{uuid4().int % 100_000}@saebom.example"
    with in_workspace(member.workspace.pk):
        known = Counterparty.objects.filter(archived_at=None).exclude(number="").order_by("pk")[0]
        wanted = asking.Wanted(
            business=business,
            counterparty=known,
            name=known.name,
            email=email,
            message="이번 달부터 거래합니다.",
            last_day=timezone.localdate() + timedelta(days=14),
            allow_individual=True,
        )
        row = asking.ask(member=member, wanted=wanted, now=now)
        token = tokens.make(BillingRequest.objects.select_related("link").get(pk=row.pk).link)
    contact = ContactDetails(name="박세리", email=email, phone="02-0000-0000")
    answer = Details(name=known.name, number=known.number, representative="박세리", contacts=(contact,))
    guests.answer(token, details=answer, status=None, address="127.0.0.1", now=now)
    return token


def _reverse(member: Any) -> str:
    """A request of ours that was not sent yet, and one of a buyer, whose link's reader wants to sign: its token."""
    from datetime import timedelta
    from decimal import Decimal

    from django.utils import timezone
    from service_world import acting, first_business, make_workspace

    from dojang.etax.codes import Taxation
    from dojang.service.links import tokens
    from dojang.service.reverse import guests, requesting, writing
    from dojang.service.reverse.models import ReverseRequest
    from dojang.service.reverse.writing import Line, Supplier, Typed
    from dojang.service.tenancy.scope import in_workspace

    now = timezone.now()

    def write(one: Any, workspace: Any, supplier: Supplier) -> ReverseRequest:
        typed = Typed(
            taxation=Taxation.TAXABLE,
            written_on=timezone.localdate(),
            supplier=supplier,
            lines=(
                Line("복사용지", "A4 80g", Decimal(10), Decimal(100_000)),
                Line("토너", "", None, None, 55_000),
            ),
            purpose="claim",
            message="이번 달 납품분입니다. 확인 부탁드립니다.",
            answer_by=timezone.localdate() + timedelta(days=7),
        )
        business = first_business(workspace)
        with in_workspace(workspace.pk):
            return writing.add(member=one, business_id=business.pk, typed=typed, now=now)

    write(member, member.workspace, Supplier("9998100015", "(주)새봄", "박세리", email="sara@saebom.example"))
    ours, buyer = first_business(member.workspace), make_workspace(name="가람유통", now=now)
    asker = acting(buyer)
    row = write(asker, buyer, Supplier(ours.number, ours.name, ours.representative, email="tax@demo.example"))
    with in_workspace(buyer.pk):
        row = requesting.request(member=asker, request_id=row.pk, version=row.version, now=now)
        token = tokens.make(ReverseRequest.objects.select_related("link").get(pk=row.pk).link)
    guests.begin(token, address="127.0.0.1", now=now)
    return token


def _hometax_list(member: Any, workspace: Any, now: Any) -> None:
    """A list of Hometax that the worker has looked at, with a row of each kind that pages know."""
    from hometax_world import OTHER, THIRD, a_list, row
    from spreadsheet_files import xlsx

    from dojang.service.hometax import importing
    from dojang.service.hometax.models import UNDER_WAY, ListImport
    from dojang.service.tenancy.scope import in_workspace
    from dojang.service.workspaces.models import Business

    with in_workspace(workspace.pk):
        if ListImport.objects.exists():
            return
        ours = Business.objects.order_by("pk")[0].number
        mine = {"공급자사업자등록번호": ours, "공급받는자사업자등록번호": OTHER}
        rows = (row(1, **mine), row(2, **mine, 세액="x"), row(3, 공급자사업자등록번호=THIRD))
        importing.upload(member=member, content=xlsx(*a_list(*rows)), file_name="매출 목록.xlsx", now=now)
    while True:
        with in_workspace(workspace.pk):
            if not ListImport.objects.filter(state__in=UNDER_WAY).exists():
                return
        sleep(0.1)


def _token() -> str:
    """The secret of a link to what was accepted."""
    from django.utils import timezone

    from dojang.service.invoices.models import Invoice
    from dojang.service.links import services, tokens

    accepted = Invoice.objects.filter(state="accepted").order_by("-pk")[0]
    return tokens.make(services.for_invoice(accepted, made_for="buyer@people.example", now=timezone.now()))


def _first(name: str) -> int | None:
    return _rows()[name]


def _rows() -> dict[str, int | None]:
    """The first row of each kind in the open workspace, and one invoice in each state."""
    from django.apps import apps

    from dojang.service.invoices.models import Invoice
    from dojang.service.notices.models import CapturedMail
    from dojang.service.records.models import Record
    from dojang.service.tenancy.models import TenantModel

    kinds = [model for model in apps.get_models() if issubclass(model, TenantModel)]
    found: dict[str, int | None] = {
        f"{kind._meta.model_name}_id": kind._default_manager.order_by("pk")
        .values_list("pk", flat=True)
        .first()
        for kind in kinds
    }
    mail = CapturedMail.objects.values_list("pk", flat=True).first()
    by_state = {one.state: one.pk for one in Invoice.objects.order_by("pk")}
    by_source = {one.source: one.pk for one in Record.objects.order_by("pk")}
    return found | by_state | by_source | {"mail_id": mail}


_ANSWERS = {
    one.__name__: one
    for one in (
        office, session, ready, sold, register, refuse, run_out, states, read_revocation_lists, addresses, furnish,
    )
}  # fmt: skip


def main() -> None:
    with complete(os.environ, EVERY_PROCESS) as environ:
        os.environ.update(environ, DJANGO_SETTINGS_MODULE="dojang.service.settings")
        import django

        django.setup()
        for line in sys.stdin:
            name, arguments = json.loads(line)
            print(json.dumps(_ANSWERS[name](**arguments), default=str), flush=True)  # noqa: T201 (this is how it answers)


if __name__ == "__main__":
    main()
