"""How much hypothesis tries: HYPOTHESIS_PROFILE is `default` or `slow` (what `make test-slow` sets).

It stands here also so that `tests/` is importable: `from etax.etax_strategies import invoices`.
"""

import os

from hypothesis import HealthCheck, settings

settings.register_profile("default", max_examples=40, derandomize=False, deadline=None)
settings.register_profile(
    "slow",
    max_examples=10_000,
    deadline=None,
    # Ten thousand invoices of 99 items take their time, and are meant to.
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))
