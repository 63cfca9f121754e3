"""Running the service: its commands, the supervisor of its processes, backups.

`commands` joins the `dojang` command line by entry points. Each process is one of `roles`, started by `supervisor` or alone.
"""
