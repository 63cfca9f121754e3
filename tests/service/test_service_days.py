"""Days that the database works out: whatever time zone the connection has, they are those of Korea."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.db.models import Value
from list_world import add_invoice
from service_world import first_business, make_workspace

from dojang.service.days import DayInKorea, FirstOfMonth
from dojang.service.invoices.models import Invoice
from dojang.service.tenancy.scope import in_workspace

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("zone", ["UTC", "Asia/Seoul", "America/Los_Angeles", "Pacific/Kiritimati"])
def test_the_time_zone_of_the_connection_does_not_matter(zone):
    workspace = make_workspace(name="한빛상사")
    add_invoice(workspace, first_business(workspace), written_on=date(2026, 12, 1))
    with in_workspace(workspace.pk), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('TimeZone', %s, true)", [zone])
        found = Invoice.objects.annotate(
            before=DayInKorea(Value(datetime(2026, 12, 31, 14, 59, tzinfo=UTC))),
            after=DayInKorea(Value(datetime(2026, 12, 31, 15, 0, tzinfo=UTC))),
            first=FirstOfMonth("written_on"),
            last=FirstOfMonth(Value(date(2028, 2, 29))),
        ).values_list("before", "after", "first", "last")
        assert list(found) == [
            (date(2026, 12, 31), date(2027, 1, 1), date(2026, 12, 1), date(2028, 2, 1)),
        ]
