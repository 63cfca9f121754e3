"""The first page, and the home of a workspace: what has to be done and until when, and how it has gone so far."""
