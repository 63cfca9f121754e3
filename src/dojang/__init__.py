"""Dojang 도장: Korean electronic tax invoices (전자세금계산서)."""

__version__ = "0.1.0"
