"""An invented company with invented customers, for looking around: everything made by the real services."""

from dojang.service.demo.building import build

__all__ = ["build"]
