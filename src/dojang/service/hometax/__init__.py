"""Hometax in and out: its lists of sales and purchases taken in, drafts given out as its bulk file."""
