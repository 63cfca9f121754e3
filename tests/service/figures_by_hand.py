"""Figures as the reports show them, shortened to tuples that a test can write down beside its sums."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from urllib.parse import urlencode

from amendment_world import Seller, item
from django.http import QueryDict
from django.utils import timezone
from service_world import acting, first_business

from dojang.etax.facts import ReturnFiled
from dojang.etax.invoice import KST
from dojang.service.invoices.models import Invoice
from dojang.service.reports import by_month, by_party, late_documents, summaries, vat_figures
from dojang.service.reports.building import Builder
from dojang.service.reports.choosing import choose
from dojang.service.reports.sheet import Line, Report, Table
from dojang.service.tenancy.scope import in_workspace
from dojang.service.workspaces.models import Workspace
from dojang.service.workspaces.services import businesses

Q1, Q2, Q3, Q4 = "2026-1-preliminary", "2026-1-final", "2026-2-preliminary", "2026-2-final"
"""The returns of 2026: 1기 예정, 1기 확정, 2기 예정 (due 2026-10-26), 2기 확정 (due 2027-01-25)."""
SALES, PURCHASES = "매출처별 세금계산서합계표", "매입처별 세금계산서합계표"
EXEMPT_SALES, EXEMPT_PURCHASES = "매출처별 계산서합계표", "매입처별 계산서합계표"
_ROWS = ("합계", "전자 사업자", "전자 주민", "전자", "외 사업자", "외 주민", "외")

Four = tuple[int, int, int, int]
Three = tuple[int, int, int]


def at(day: str | date) -> datetime:
    """Ten in the morning of a day in Korea."""
    given = date.fromisoformat(day) if isinstance(day, str) else day
    return datetime.combine(given, time(10), KST)


@dataclass(frozen=True)
class Books:
    """What the reports of a workspace's first business show."""

    workspace: Workspace

    def _report(self, build: Any, **asked: str) -> Report:
        with in_workspace(self.workspace.pk):
            chosen = choose(QueryDict(urlencode(asked)), acting(self.workspace))
            assert chosen is not None
            assert chosen.filing.key == asked.get("period", chosen.filing.key)
            return build(Builder(chosen, self.workspace.slug, whole=True))

    def form(self, period: str, name: str = SALES) -> dict[str, Four]:
        """The rows of a 합계표 that are not empty: 처수, 매수, 공급가액, 세액."""
        table = _table(self._report(summaries.tax_summary, period=period), name)
        found = dict(zip(_ROWS, (_values(line)[2:6] for line in table.lines), strict=True))
        return {row: _four(values) for row, values in found.items() if values[1]}

    def listed(self, period: str, name: str = SALES) -> list[tuple[str, int, int, int]]:
        """거래처별 명세: 사업자등록번호, 매수, 공급가액, 세액."""
        found = self._report(summaries.tax_summary, period=period)
        captions = [one.caption for one in found.tables]
        caption = f"{name} · 거래처별 명세 (전자 외)"
        if caption not in captions:
            return []
        return [
            (number.replace("-", ""), count, supply, tax)
            for _, number, _, count, supply, tax in map(_values, _table(found, caption).lines)
        ]

    def lines(self, period: str) -> dict[str, Three]:
        """The lines of the return that are not empty: 매수, 금액, 세액."""
        report = self._report(vat_figures.vat_lines, period=period)
        rows = [
            _values(line)
            for table in report.tables
            for line in table.lines
            if len(table.columns) == 6 and table.columns[1].title == "항목"
        ]
        found = {row[0]: (row[2] or 0, row[3] or 0, row[4] or 0) for row in rows}
        return {number: values for number, values in found.items() if any(values)}

    def penalties(self, period: str) -> dict[tuple[str, str, str], Three]:
        """예상 가산세 by name, side and 최대: 매수, 공급가액, 가산세."""
        table = _table(self._report(late_documents.penalties, period=period), "예상 가산세")
        return {
            (row[0], row[1], line.cells[5].mark): (row[2], row[3], row[5])
            for line in table.lines
            if (row := _values(line))
        }

    def late(self, period: str, caption: str) -> list[tuple[str, int, int]]:
        """The documents behind them: 작성일자, 공급가액, 가산세."""
        table = _table(self._report(late_documents.penalties, period=period), caption)
        return [(f"{row[2]}", row[7], row[8]) for row in map(_values, table.lines)]

    def months(self, caption: str = "매출 월별 금액") -> dict[int, tuple[int, int, int, int, int]]:
        """Months that have documents: 매수, 과세 공급가액, 세액, 영세율, 그중 수정."""
        rows = map(_values, _table(self._report(by_month.by_month, year="2026"), caption).lines)
        return {
            month: (row[1], row[2], row[3], row[4], row[7]) for month, row in enumerate(rows, 1) if row[1]
        }

    def parties(self, side: str = "sales") -> dict[str, Three]:
        """거래처별: 매수, 공급가액, 세액 by number; people together under an empty one."""

        def build(builder: Builder) -> Report:
            return by_party.by_party(builder, sort="total", top=None)

        [table] = self._report(build, year="2026", side=side).tables
        return {row[1].replace("-", ""): (row[2], row[3], row[4]) for row in map(_values, table.lines)}

    def notices(self, build: Any, **asked: str) -> str:
        """What stands above the tables."""
        return " ".join(one.text for one in self._report(build, **asked).notices)


@dataclass(frozen=True)
class Company:
    """A company that sells, amends and looks at its books: a corporation that files preliminary returns."""

    seller: Seller
    books: Books

    def sold(self, day: str, supply: int, *, issued: str = "", **values: Any) -> Invoice:
        """A document of a day, issued, sent and accepted that day unless told otherwise."""
        given = {"items": [item(supply)]} | values
        return self.seller.sold(now=at(issued or day), written_on=day, **given)

    def amend(self, invoice: Invoice, event: str, answers: Mapping[str, Any], *, on: str) -> list[Invoice]:
        """What happened, answered and issued on a day, accepted by the tax office."""
        return self.seller.issued(invoice, event, answers, now=at(on))

    def documents(self) -> list[tuple[str, str, str, int, int]]:
        """종류, 수정사유, 작성일자, 공급가액, 세액 of everything that was made here."""
        with in_workspace(self.seller.workspace.pk):
            rows = Invoice.objects.filter(deleted_at=None).order_by("pk")
            return [
                (
                    one.document_type,
                    one.amendment_reason,
                    f"{one.written_on}",
                    one.supply_amount,
                    one.tax_amount,
                )
                for one in rows
            ]

    def mark_filed(self, period: str, day: str) -> None:
        """[이 기간 신고 완료로 표시]."""
        with in_workspace(self.seller.workspace.pk):
            businesses.mark_filed(
                member=self.seller.member,
                business_id=first_business(self.seller.workspace).pk,
                filed=ReturnFiled(period=period, filed_on=date.fromisoformat(day)),
                now=at(day),
            )


def look(monkeypatch, day: str) -> None:
    """The reports are looked at on this day."""
    monkeypatch.setattr(timezone, "now", lambda: at(day))


def _table(report: Report, caption: str) -> Table:
    return next(table for table in report.tables if table.caption == caption)


def _values(line: Line) -> list[Any]:
    return [cell.value for cell in line.cells]


def _four(values: Sequence[int]) -> Four:
    parties, count, supply, tax = values
    return (parties, count, supply, tax)
