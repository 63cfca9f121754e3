"""The base of everything scripted from outside: frozen, strict, nothing unknown."""

from pydantic import BaseModel, ConfigDict


class Record(BaseModel):
    """A value that comes as JSON and is stored as JSON."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", hide_input_in_errors=True)
