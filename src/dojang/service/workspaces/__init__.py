"""Workspaces, the businesses (사업자) in them, and who may do what."""
