"""All of a workspace as files, and closing it."""
