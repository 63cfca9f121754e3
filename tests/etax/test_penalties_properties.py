"""What holds for every document: later is never cheaper, nothing is charged twice, nobody is charged for nothing."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from dojang.etax.codes import AmendmentReason, BuyerKind, DocumentType
from dojang.etax.penalties import DocumentFacts, Falsity, assess, capped, ladder
from etax.penalties_samples import LAW, facts

DAYS = st.dates(date(2019, 3, 1), date(2027, 12, 31))
NOT_IMPORTS = st.sampled_from([each for each in DocumentType if not each.is_import])
# Below the caps: what is capped (late paper) can be cheaper than what is not (paper in time).
AMOUNTS = st.integers(1, 4_000_000_000)
SIGNED = AMOUNTS | AMOUNTS.map(lambda each: -each)

PARTIES = st.builds(
    facts,
    supplier_kind=st.sampled_from(["corporation", "individual"]),
    e_obligated=st.sampled_from([True, False, None]),
    small_business=st.booleans(),
    sme=st.booleans(),
    fiscal_year_end=st.sampled_from(["12-31", "03-31", "06-30", "02-28"]),
    supplier_tax_types=st.sampled_from(
        [(), None, ({"from": "2021-07-01", "type": "simplified"}, {"from": "2024-07-01", "type": "general"})]
    ),
    supplier_closed_on=st.none() | DAYS,
    buyer_closed_on=st.none() | DAYS,
    buyer_tax_type=st.sampled_from(
        ["general", "simplified", "exempt", "public", "individual", "foreign", "unknown", None]
    ),
)


@st.composite
def documents(draw):
    """Any document that is untrue in no way, not yet issued."""
    document_type = draw(NOT_IMPORTS)
    reasons = st.sampled_from(AmendmentReason) if document_type.is_amendment else st.none()
    written_on = draw(DAYS)
    moved = st.integers(0, 200).map(lambda days: written_on - timedelta(days=days))
    return DocumentFacts(
        document_type=document_type,
        written_on=written_on,
        supply_amount=draw(SIGNED),
        reason=draw(reasons),
        buyer_kind=draw(st.sampled_from(BuyerKind)),
        supplied_on=draw(st.none() | moved),
        new_buyer=draw(st.booleans()),
        other_place=draw(st.booleans()),
        defective=draw(st.booleans()),
    )


LATENESS = st.integers(0, 1_000)


@given(documents(), PARTIES, LATENESS, LATENESS, st.booleans())
def test_issuing_later_is_never_cheaper(document, parties, one, other, paper):
    def cost(days):
        on = document.counted_from + timedelta(days=days)
        done = replace(document, issued_on=on, sent_on=None if paper else on, paper=paper)
        return assess(done, parties, law=LAW, today=on).cost

    first, second = sorted((one, other))
    assert cost(first) <= cost(second)


@given(documents(), PARTIES, LATENESS, LATENESS, LATENESS)
def test_sending_later_is_never_cheaper(document, parties, issued, one, other):
    on = document.counted_from + timedelta(days=issued)

    def cost(days):
        sent = replace(document, issued_on=on, sent_on=on + timedelta(days=days))
        return assess(sent, parties, law=LAW, today=on + timedelta(days=2_000)).cost

    first, second = sorted((one, other))
    assert cost(first) <= cost(second)


@given(documents(), PARTIES, LATENESS, st.none() | LATENESS)
def test_the_ladder_never_goes_down_and_begins_where_it_stands(document, parties, waited, issued):
    today = document.counted_from + timedelta(days=waited)
    if issued is not None:
        document = replace(document, issued_on=document.counted_from + timedelta(days=issued))
    rungs = ladder(document, parties, law=LAW, today=today)
    assert rungs[0].from_on == today
    assert rungs[0].assessment == assess(document, parties, law=LAW, today=today)
    costs = [rung.cost for rung in rungs]
    assert costs == sorted(costs)
    days = [rung.from_on for rung in rungs]
    assert days == sorted(set(days))


WORST = st.builds(
    lambda made, issued, sent, falsity, paper, over: replace(
        made,
        issued_on=made.counted_from + timedelta(days=issued),
        sent_on=None if sent is None else made.counted_from + timedelta(days=issued + sent),
        falsity=falsity,
        paper=paper,
        overstated_amount=min(over, abs(made.supply_amount)),
    ),
    documents(),
    st.integers(-300, 900),
    st.none() | LATENESS,
    st.none() | st.sampled_from(Falsity),
    st.booleans(),
    AMOUNTS,
)

ISSUE = {"late_issue", "non_issue", "paper", "other_place"}
SENDING = {"late_send", "non_send"}


@given(WORST, PARTIES)
def test_one_part_of_a_document_is_charged_once_vat_act_60_2_and_9(document, parties):
    today = document.counted_from + timedelta(days=2_000)
    assessment = assess(document, parties, law=LAW, today=today)
    of_supplier = [each.code for each in assessment.of("supplier")]
    of_buyer = [each.code for each in assessment.of("buyer")]
    assert len(set(of_supplier)) == len(of_supplier)
    assert len(set(of_buyer)) == len(of_buyer)
    ordinary = set(of_supplier) - {"over"}
    if document.is_exempt:
        assert len(ordinary & (ISSUE | SENDING)) <= 1
    else:
        assert len(ordinary) <= 1
    if {"fake", "name"} & set(of_supplier):
        assert len(of_supplier) == 1
    if {"fake", "name"} & set(of_buyer):
        assert len(of_buyer) == 1
    # However it is cut into parts, together they are no more than the document; a defect of a 계산서 stands beside.
    parts = sum(
        each.base for each in assessment.of("supplier") if each.code != "defect" or not document.is_exempt
    )
    assert parts <= abs(document.supply_amount)


@given(WORST, PARTIES)
def test_a_penalty_is_its_share_of_its_base_or_the_cap(document, parties):
    today = document.counted_from + timedelta(days=2_000)
    for each in assess(document, parties, law=LAW, today=today).penalties:
        full = int(each.base * each.rate)
        assert each.amount == (full if each.cap is None else min(full, each.cap.limit))
        assert each.base > 0
        assert each.citation
        assert f"{full:,}원" in each.ko
        assert ("최대" in each.ko) is (each.certainty == "practice") is ("at most" in each.en)
        assert "{" not in each.ko + each.en


@given(WORST, PARTIES)
def test_a_buyer_owes_for_lateness_only_if_it_deducts_late(document, parties):
    today = document.counted_from + timedelta(days=2_000)
    assessment = assess(document, parties, law=LAW, today=today)
    owes = any(each.code == "late_receive" for each in assessment.of("buyer"))
    if owes:
        assert assessment.deduction == "late"
        assert document.supply_amount > 0
        assert document.buyer_kind is BuyerKind.BUSINESS
        assert parties.buyer_deducts is not False
    if assessment.deduction == "none":
        assert assessment.lost_tax == 0


@given(st.lists(st.tuples(documents(), LATENESS), max_size=6), PARTIES)
def test_capped_never_adds_never_passes_the_cap_and_changes_nothing_twice(made, parties):
    penalties = [
        each
        for document, days in made
        for each in assess(
            replace(document, issued_on=document.counted_from + timedelta(days=days)),
            parties,
            law=LAW,
            today=document.counted_from + timedelta(days=days),
        ).penalties
    ]
    counted = capped(penalties)
    assert all(after.amount <= before.amount for before, after in zip(penalties, counted, strict=True))
    sums = {}
    for each in counted:
        sums[each.who, each.cap] = sums.get((each.who, each.cap), 0) + each.amount
    assert all(cap is None or total <= cap.limit for (_, cap), total in sums.items())
    assert capped(counted) == counted
