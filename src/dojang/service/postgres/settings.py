"""How the server is set: for one laptop, and so that its log holds nobody's data."""

from collections.abc import Mapping

from dojang.service.postgres.layout import Layout

SETTINGS: Mapping[str, str] = {
    "cluster_name": "dojang",
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # A few processes with a few threads each; a laptop has other things to do with its memory.
    "max_connections": "100",
    "shared_buffers": "128MB",
    "max_wal_size": "512MB",
    "min_wal_size": "64MB",
    "random_page_cost": "1.1",
    "jit": "off",
    "idle_in_transaction_session_timeout": "5min",
    # A week of logs, a file a day.
    "logging_collector": "on",
    "log_filename": "postgresql-%a.log",
    "log_truncate_on_rotation": "on",
    "log_rotation_age": "1d",
    "log_rotation_size": "0",
    "log_checkpoints": "off",
    # Statements and details of errors name people and amounts: they stay out of the log.
    "log_statement": "none",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_min_duration_statement": "-1",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}


def command_line(layout: Layout, settings: Mapping[str, str]) -> list[str]:
    """The arguments of `postgres`; `settings` win over `SETTINGS`."""
    places = {
        "port": str(layout.port),
        "unix_socket_directories": str(layout.socket),
        "hba_file": str(layout.hba),
        "log_directory": str(layout.log),
    }
    told = {**SETTINGS, **settings, **places}
    return ["-D", str(layout.data), *(f"--{name}={value}" for name, value in told.items())]
