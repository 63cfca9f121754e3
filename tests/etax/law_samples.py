"""The worked examples of the law, and short ways to write dates."""

import json
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from dojang.etax.parameters import Law

DATA = Path(__file__).parents[1] / "data" / "tax-rules"
LAW = Law.load()

DAYS = st.dates(date(2014, 1, 1), date(2028, 12, 31))
"""Days for which everything is known."""

ANY_DAYS = st.dates(date(1977, 7, 1), date(2999, 12, 31))
"""Days for which something can be computed."""


def day(text: str) -> date:
    return date.fromisoformat(text)


def load(name: str) -> dict[str, Any]:
    return json.loads((DATA / name).read_text("utf-8"))


def codes(notices: Any) -> list[str]:
    return [notice.code for notice in notices]
