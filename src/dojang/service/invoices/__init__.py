"""The life of an invoice: draft, order, signed bytes, states."""
