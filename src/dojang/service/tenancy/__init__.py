"""Whose rows these are: PostgreSQL's row-level security decides it, under a role that owns nothing."""
