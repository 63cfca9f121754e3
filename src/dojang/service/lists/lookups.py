"""LIKE as a lookup, for patterns that `searching` made: Django's own `contains` takes no wildcards."""

from typing import Any

from django.db.models import Lookup, TextField


@TextField.register_lookup
class Like(Lookup):
    """`search__like="%…%"`."""

    lookup_name = "like"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """The condition and its values."""
        left, left_values = self.process_lhs(compiler, connection)
        right, right_values = self.process_rhs(compiler, connection)
        return f"{left} LIKE {right}", (*left_values, *right_values)
