"""Deals to amend, and amendments walked as a page walks them. Everybody and everything is invented."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from record_world import SUPPLIER, accept, authority_of, keeper_of, workspace_of
from service_world import NOW, acting
from signing_world import Keeper, content, issue, make_ready, order, signed

from dojang.service.amendments import services
from dojang.service.amendments.making import Prepared
from dojang.service.amendments.models import Amendment
from dojang.service.amendments.steps import Step, step_of
from dojang.service.audit.actor import NTS
from dojang.service.invoices import issuing
from dojang.service.invoices.changes import Change, apply
from dojang.service.invoices.models import Invoice
from dojang.service.invoices.states import Action
from dojang.service.records.models import Record
from dojang.service.tenancy.scope import in_workspace
from dojang.service.workspaces.members import Member
from dojang.service.workspaces.models import Workspace

THEN = datetime(2026, 10, 8, 1, 0, tzinfo=UTC)
"""When originals are issued: Thursday, 2026-10-08; they are amended on 2026-11-20."""
WRITTEN = "2026-10-05"


@dataclass(frozen=True)
class Seller:
    """A workspace that can issue, with its owner."""

    workspace: Workspace
    owner: Keeper

    @property
    def member(self) -> Member:
        return acting(self.workspace)

    def sold(
        self, supply: int = 1_000_000, *, now: datetime = THEN, accepted: bool = True, **values: Any
    ) -> Invoice:
        """A document that the tax office has."""
        given = {"written_on": WRITTEN, "items": [item(supply)]}
        ready = make_ready(self.workspace, now=now, **content(**(given | values)))
        done = issue(self.workspace, self.owner, ready, now=now)
        assert not done.refused, done.refused[0].why
        if accepted:
            accept(self.workspace, ready, at=now)
        return self.row(ready)

    def row(self, invoice: Invoice) -> Invoice:
        with in_workspace(self.workspace.pk):
            return Invoice.objects.select_related("business").get(pk=invoice.pk)

    def begin(
        self,
        invoice: Invoice | None = None,
        *,
        record: Record | None = None,
        member: Member | None = None,
        now: datetime = NOW,
    ) -> Amendment:
        with in_workspace(self.workspace.pk):
            return services.start(member=member or self.member, invoice=invoice, record=record, now=now)

    def walk(
        self,
        amendment: Amendment,
        event: str,
        answers: Mapping[str, Any],
        *,
        member: Member | None = None,
        now: datetime = NOW,
    ) -> Step:
        """Choose what happened, answer what is asked as long as there is an answer, and see where that leads."""
        who = member or self.member
        with in_workspace(self.workspace.pk):
            row = services.choose(member=who, amendment_id=amendment.pk, event=event, now=now)
            step = step_of(row, now=now)
            while step.question is not None and step.question.key in answers and step.question.answer is None:
                key = step.question.key
                row = services.answer(
                    member=who, amendment_id=row.pk, question=key, value=answers[key], now=now
                )
                step = step_of(row, now=now)
            return step

    def step(self, amendment: Amendment, *, now: datetime = NOW) -> Step:
        with in_workspace(self.workspace.pk):
            return step_of(Amendment.objects.get(pk=amendment.pk), now=now)

    def prepare(self, step: Step, *, member: Member | None = None, now: datetime = NOW) -> Prepared:
        """Tick everything and press the button."""
        assert step.ready is not None, step.suggestion
        with in_workspace(self.workspace.pk):
            return services.prepare(
                member=member or self.member,
                amendment_id=step.amendment.pk,
                confirmed=range(len(step.ready.confirmations)),
                seen=step.seen,
                now=now,
            )

    def amend(self, invoice: Invoice, event: str, answers: Mapping[str, Any], **values: Any) -> Prepared:
        """From the document to what waits for a signature."""
        now = values.get("now", NOW)
        step = self.walk(self.begin(invoice, **values), event, answers, now=now)
        return self.prepare(step, **values)

    def sign(self, invoices: Iterable[Invoice], *, now: datetime = NOW) -> issuing.Issued:
        placed = order(self.workspace, *map(self.row, invoices), now=now)
        with in_workspace(self.workspace.pk):
            done = issuing.issue(
                member=self.member, signer=self.owner.signer(), signed=signed(placed, self.owner), now=now
            )
        return issuing.Issued(
            done.issued,
            (*done.refused, *(issuing.Refused(None, one.invoice_id, one.why) for one in placed.refused)),
        )

    def issued(
        self, invoice: Invoice, event: str, answers: Mapping[str, Any], **values: Any
    ) -> list[Invoice]:
        """From the document to its amendments, accepted."""
        prepared = self.amend(invoice, event, answers, **values)
        now = values.get("now", NOW)
        done = self.sign(prepared.invoices, now=now)
        assert not done.refused, done.refused[0].why
        accept(self.workspace, *prepared.invoices, at=now)
        return [self.row(one) for one in prepared.invoices]

    def answered(self, invoice: Invoice, action: Action, *, code: str = "", at: datetime = NOW) -> None:
        """What the tax office says of one document."""
        with in_workspace(self.workspace.pk):
            row = Invoice.objects.get(pk=invoice.pk)
            row.sent_at, row.result_code = at, code
            apply(Action.SUBMIT, [Change(row, ("sent_at",))], actor=NTS, now=at)
            apply(action, [Change(row, ("result_code",))], actor=NTS, now=at)


def seller(monkeypatch) -> Seller:
    """A company with its certificate."""
    authority_of(monkeypatch)
    return Seller(workspace_of(SUPPLIER), keeper_of(SUPPLIER))


def item(supply: int, *, tax: int | None = None, name: str = "복사용지") -> dict[str, Any]:
    return {
        "supplied_on": WRITTEN,
        "name": name,
        "supply_amount": supply,
        "tax_amount": supply // 10 if tax is None else tax,
    }
