"""Counterparties as a spreadsheet: read within bounds, looked at before anything changes, written out."""
