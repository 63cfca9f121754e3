"""What changes counterparties: one function each, in one transaction, with its entry in the history."""
