"""가산세: what a document that is late, missing, on paper or untrue costs its supplier and its buyer.

`assess` judges one document as of a day, `ladder` tells from which days it gets more expensive, `capped` counts
several documents together. Rates, limits and caps come from the law's parameters, with their citations.

Source: 부가가치세법 제60조 (세금계산서), 법인세법 제75조의8 and 소득세법 제81조의10 (계산서), 국세기본법 제49조 (한도).
"""

from dojang.etax.penalties.assessment import assess
from dojang.etax.penalties.charges import capped
from dojang.etax.penalties.ladder import Rung, ladder
from dojang.etax.penalties.records import (
    Assessment,
    Cap,
    Certainty,
    Deduction,
    DocumentFacts,
    Falsity,
    Penalty,
    Who,
)

__all__ = [
    "Assessment",
    "Cap",
    "Certainty",
    "Deduction",
    "DocumentFacts",
    "Falsity",
    "Penalty",
    "Rung",
    "Who",
    "assess",
    "capped",
    "ladder",
]
