"""The page that signs: its modules, byte for byte the repository's, and what it asks of the server."""
