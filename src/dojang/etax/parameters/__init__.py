"""The law's figures with their dates: rates, thresholds, limits, holidays, extensions. Data, picked by a day."""

from dojang.etax.parameters.law import DateOutOfReach, Law, UnreadableAdditions
from dojang.etax.parameters.table import Parameter

__all__ = ["DateOutOfReach", "Law", "Parameter", "UnreadableAdditions"]
