"""Counterparties for tests, made by the real services, and a tax office that says what a test wants."""

from dataclasses import dataclass, field

from service_world import NOW, acting, make_workspace

from dojang.service.counterparties.details import ContactDetails, Details
from dojang.service.counterparties.models import BusinessState, Counterparty
from dojang.service.counterparties.services import editing
from dojang.service.counterparties.taxstatus import MOST_NUMBERS, TaxStatus
from dojang.service.tenancy.scope import in_workspace

NUMBER = "9988100012"
OTHER_NUMBER = "9998100015"
RESIDENT = "9001019999999"
OTHER_RESIDENT = "9102029999999"


def details(**values):
    given = {"name": "(주)구매상사", "number": NUMBER, "representative": "이구매"} | values
    given["contacts"] = tuple(ContactDetails(**contact) for contact in given.get("contacts", ()))
    return Details(**given)


def person(**values):
    return details(**({"kind": "individual", "number": "", "name": "박개인", "representative": ""} | values))


@dataclass
class World:
    workspace: object
    member: object

    def open(self):
        return in_workspace(self.workspace.pk)

    def add(self, *, status=None, now=NOW, member=None, given=None, **values):
        with self.open():
            return editing.add(
                member=member or self.member, details=given or details(**values), now=now, status=status
            )

    def edit(self, counterparty, *, version=None, member=None, now=NOW, **values):
        with self.open():
            return editing.edit(
                member=member or self.member,
                counterparty_id=counterparty.pk,
                version=version or counterparty.version,
                details=details(**values),
                now=now,
            )

    def row(self, counterparty):
        with self.open():
            return Counterparty.objects.get(pk=counterparty.pk)

    def details(self, counterparty):
        with self.open():
            return Details.of(Counterparty.objects.get(pk=counterparty.pk))

    def actions(self, counterparty):
        """The history, oldest first."""
        with self.open():
            return [(one.action, one.changes) for one in self.row(counterparty).changes.order_by("id")]

    def url(self, path=""):
        return f"/w/{self.workspace.slug}/counterparties/{path}"


def make_world(**options):
    workspace = make_workspace(**options)
    return World(workspace, acting(workspace))


def said(number=NUMBER, state=BusinessState.ACTIVE, **facts):
    given = {"tax_type": "01", "text": "부가가치세 일반과세자", "closed_on": None} | facts
    return TaxStatus(number=number, state=state, **given)


@dataclass
class TaxOffice:
    """Says of each number what it was told to; of others that they are open. `down` refuses everything."""

    told: dict = field(default_factory=dict)
    silent_about: set = field(default_factory=set)
    down: object = None
    down_after: int | None = None
    asked: list = field(default_factory=list)

    def ask(self, numbers):
        assert 0 < len(numbers) <= MOST_NUMBERS
        self.asked.append(list(numbers))
        if self.down is not None and (self.down_after is None or len(self.asked) > self.down_after):
            return self.down
        return {
            number: self.told.get(number) or said(number)
            for number in numbers
            if number not in self.silent_about
        }
