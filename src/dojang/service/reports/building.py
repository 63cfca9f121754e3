"""What all reports share: what was asked, where the documents of a figure are, what is left out of figures."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from django.urls import reverse

from dojang.etax.calendar.deadlines import months_after
from dojang.etax.returns import Sums
from dojang.service.reports import selecting, words
from dojang.service.reports.behind import Behind
from dojang.service.reports.choosing import Chosen
from dojang.service.reports.selecting import LeftOut
from dojang.service.reports.sheet import Notice, Report, Table

#: The page shows so many lines of a list; the workbook has all.
MOST_LISTED = 500


@dataclass(frozen=True, slots=True)
class Builder:
    """What every report needs: what was asked, and where the documents are shown.

    Attributes:
        chosen: what was asked.
        slug: of the workspace.
        whole: every line, for the workbook; pages stop at `MOST_LISTED`.
    """

    chosen: Chosen
    slug: str
    whole: bool = False

    def url(self, **conditions: str) -> str:
        """The documents behind a figure."""
        return Behind(business=str(self.chosen.business.pk), **conditions).url(self.slug)

    def report(
        self, title: str, period: str, tables: Sequence[Table], notices: Sequence[Notice] = ()
    ) -> Report:
        """The whole, with whose it is."""
        return Report(
            title=title,
            company=words.company(self.chosen.business),
            period=period,
            tables=tables,
            notices=notices,
            is_sandbox=selecting.is_sandbox(),
        )


def last_of_month(first: date) -> date:
    """The last day of a month."""
    return months_after(first, 1) - timedelta(days=1)


def left_out_url(builder: Builder, one: LeftOut) -> str:
    """The documents of a period that do not count."""
    return builder.url(period=builder.chosen.filing.key, left_out=one.state.value)


def consigned_notices(
    builder: Builder, first: date, last: date, *, told: Callable[[Sums], str] = words.consigned
) -> list[Notice]:
    """That what was issued for others (위수탁) is in no figure here, where there is some."""
    rows = selecting.consigned([builder.chosen.business.pk]).filter(written_on__range=(first, last))
    found = selecting.sums_of(rows)
    if not found.count:
        return []
    return [Notice(told(found), url=consigned_url(builder.slug, first, last))]


def consigned_url(slug: str, first: date, last: date) -> str:
    """What was issued for others on these days, in the list of invoices."""
    days = {"date": "written", "from": first.isoformat(), "to": last.isoformat()}
    asked = urlencode({"tab": "accepted", "consigned": "yes", **days})
    return f"{reverse('invoice_list', args=[slug])}?{asked}"
