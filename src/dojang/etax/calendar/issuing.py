"""Ordinary issuing: who has to issue electronically, what goes on one document, what may be issued early."""

from dojang.etax.calendar.early_issue import Continuing, EarlyFacts, EarlyGround, EarlyIssue, early_issue
from dojang.etax.calendar.month_totals import MonthTotal, MonthTotals, Span, Supply, group_month
from dojang.etax.calendar.obligation import AnnualSupplies, Family, Notification, Obligation, obligation
from dojang.etax.calendar.ordinary import Issuing, SimplifiedBusiness, before_issue

__all__ = [
    "AnnualSupplies",
    "Continuing",
    "EarlyFacts",
    "EarlyGround",
    "EarlyIssue",
    "Family",
    "Issuing",
    "MonthTotal",
    "MonthTotals",
    "Notification",
    "Obligation",
    "SimplifiedBusiness",
    "Span",
    "Supply",
    "before_issue",
    "early_issue",
    "group_month",
    "obligation",
]
