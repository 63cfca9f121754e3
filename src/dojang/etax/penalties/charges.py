"""From what was done wrong to a penalty in won, with its cap and its sentence."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import ROUND_DOWN, Context, Decimal

from dojang.etax.penalties.case import Case
from dojang.etax.penalties.clauses import CAP_OF_OTHERS, CAP_OF_SMALL, capped_duty, rate_name
from dojang.etax.penalties.records import Cap, Penalty, Who
from dojang.etax.penalties.sentences import cap_clause, figure, sentence

_EXACT = Context(prec=60, rounding=ROUND_DOWN)


@dataclass(frozen=True, slots=True)
class Charge:
    """One duty broken.

    Attributes:
        code: the penalty.
        base: supply amount it is counted on, in won.
        cause: which sentence tells why; the code itself where there is but one.
        doubt: which dispute, if any, makes the amount an upper bound.
    """

    code: str
    base: int
    cause: str = ""
    doubt: str | None = None


def priced(case: Case, who: Who, charge: Charge) -> Penalty:
    """The penalty for a charge: rate by law, won below one dropped, and no more than the cap."""
    rate = case.rate(rate_name(case.family, charge.code))
    cap = _cap(case, who, charge.code)
    amount = won(charge.base, rate.rate)
    disputed = charge.doubt is not None
    words = sentence(
        charge.code,
        charge.cause or charge.code,
        charge.doubt,
        figure(rate.rate, amount, disputed=disputed),
        case.words,
    )
    penalty = Penalty(
        who=who,
        code=charge.code,
        rate=rate.rate,
        base=charge.base,
        amount=amount,
        certainty="practice" if disputed else "law",
        citation=rate.citation,
        ko=words.ko,
        en=words.en,
        cap=cap,
    )
    return penalty if cap is None else _cut(penalty, cap.limit, cap)


def won(base: int, rate: Decimal) -> int:
    """A share of an amount, what is below a won dropped (국고금 관리법 제47조)."""
    return int(_EXACT.multiply(Decimal(base), rate))


def _cap(case: Case, who: Who, code: str) -> Cap | None:
    duty = capped_duty(case.family, code)
    if duty is None or case.document.deliberate:
        return None
    # How large the buyer is nobody here knows; the larger cap is the upper bound.
    is_small = who == "supplier" and case.facts.sme
    limit = case.law.parameter(CAP_OF_SMALL if is_small else CAP_OF_OTHERS, case.supply_on)
    period = case.period_of(who)
    return Cap(duty, limit.number, period.start, period.end)


def capped(penalties: Iterable[Penalty]) -> tuple[Penalty, ...]:
    """Penalties of several documents, cut where together they pass the cap of their kind of duty and period.

    The penalties are counted in the order given; those of different parties, periods or kinds do not touch each other,
    and what has no cap stays as it is. Give the penalties of one supplier and of one buyer only.

    Source: 국세기본법 제49조; 같은 법 시행령 제29조의2.
    """
    used: dict[tuple[Who, Cap], int] = {}
    return tuple(_within(penalty, used) for penalty in penalties)


def _within(penalty: Penalty, used: dict[tuple[Who, Cap], int]) -> Penalty:
    if penalty.cap is None:
        return penalty
    key = (penalty.who, penalty.cap)
    cut = _cut(penalty, penalty.cap.limit - used.get(key, 0), penalty.cap)
    used[key] = used.get(key, 0) + cut.amount
    return cut


def _cut(penalty: Penalty, left: int, cap: Cap) -> Penalty:
    if penalty.amount <= left:
        return penalty
    before, after = cap_clause(cap.limit, penalty.amount), cap_clause(cap.limit, left)
    return replace(
        penalty,
        amount=left,
        # What an earlier cut said gives way to the new figure.
        ko=penalty.ko.removesuffix(before.ko) + after.ko,
        en=penalty.en.removesuffix(before.en) + after.en,
    )
