"""How much hypothesis tries: HYPOTHESIS_PROFILE is `default` or `slow` (what `make test-slow` sets).

A test module may try a multiple or a share of that, by `settings.default.max_examples`: the histories of amendments four
times as much, which is 10,000 in the slow profile.

It stands here also so that `tests/` is importable: `from etax.etax_strategies import invoices`.
"""

import os
import signal

from hypothesis import HealthCheck, settings

# A shell that runs the tests in the background has them ignore Ctrl-C, and what they start would ignore it, too.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

settings.register_profile("default", max_examples=40, derandomize=False, deadline=None)
settings.register_profile(
    "slow",
    max_examples=2_500,
    deadline=None,
    # Thousands of invoices of 99 items take their time, and are meant to.
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))
