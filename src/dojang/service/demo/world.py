"""The invented world of the demo, as data."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any


@dataclass(frozen=True, slots=True)
class World:
    """Businesses, who sells to them, customers and what is sold."""

    businesses: list[dict[str, str]]
    supplier: dict[str, str]
    customers: list[dict[str, str]]
    items: list[dict[str, Any]]


@cache
def load() -> World:
    """The world of world.toml."""
    data = tomllib.loads(resources.files(__package__).joinpath("world.toml").read_text("utf-8"))
    return World(data["business"], data["supplier"][0], data["customer"], data["item"])
