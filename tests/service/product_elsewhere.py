"""What we sold that was issued elsewhere: brought here by its XML or typed in, and amended elsewhere as well."""

from datetime import date

from product_model import EXEMPT, OWNER, Doc
from product_papers import AMOUNTS, BUYERS, CONTRACTS, TYPES, WRITTEN
from product_world import World, any_doc
from random_steps import sometimes
from record_world import amendment_of, document

from dojang.etax import Invoice as Document
from dojang.etax.codes import Taxation
from dojang.etax.signature import sign
from dojang.service.records import paper, taking
from dojang.service.records.models import Side

ISSUED = "2026-11-20T09:30:00+09:00"
AMENDED = ("0201", "0202", "0401")
TAXATIONS = (Taxation.TAXABLE, Taxation.ZERO_RATED, Taxation.EXEMPT)


class Elsewhere(World):
    """What another program or the tax office's own pages issue for us."""

    def begin(self) -> None:
        super().begin()
        self.said: dict[Doc, Document] = {}
        self.supplier = {
            "business_number": self.business.number,
            "name": self.business.name,
            "representative": self.business.representative,
        }

    @sometimes(
        2,
        kind=(0, 0, 1, 2),
        supply=AMOUNTS,
        buyer=(0, 1, 2),
        contract=CONTRACTS,
        is_typed=(False, False, True),
    )
    def sell_elsewhere(self, kind: int, supply: int, buyer: int, contract: str, is_typed: bool) -> None:
        one = document(
            document_type=TYPES[kind],
            issued_at=ISSUED,
            supplier=self.supplier,
            buyer={
                "kind": "business",
                "number": BUYERS[buyer],
                "name": "(주)새봄",
                "representative": "박세리",
            },
            items=lines(kind, supply),
            **({"reference_id": contract} if contract and not is_typed else {}),
        )
        doc = self.model.add_recorded(kind, supply, buyer=BUYERS[buyer], contract=one.reference_id or "")
        self.said[doc] = one
        self.records[doc] = self.typed(doc, one) if is_typed else self.uploaded(one)

    @sometimes(1, when=lambda self: self.model.recorded, number=any_doc)
    def amend_elsewhere(self, number: int) -> None:
        """All of it is taken back where it was issued, whatever was made ready here."""
        roots = [one for one in self.model.recorded if one.amends is None]
        root = roots[number % len(roots)]
        if any(one.amends is root for one in self.model.recorded):
            return
        one = amendment_of(
            self.said[root],
            document_type=AMENDED[root.kind],
            issued_at=ISSUED,
            supplier=self.supplier,
            items=lines(root.kind, -root.supply),
            **({"reference_id": root.contract} if root.contract else {}),
        )
        doc = self.model.add_recorded(
            root.kind, -root.supply, buyer=root.buyer, contract=root.contract, amends=root
        )
        self.records[doc] = self.uploaded(one)

    def uploaded(self, one: Document) -> int:
        who = self.company.owner
        with self.inside():
            [taken] = taking.take_xml(
                member=self.members[OWNER], data=sign(one, who.der, who.sign), now=self.now
            )
        assert taken.is_new
        assert taken.record is not None
        assert taken.record.side == Side.SALES
        return taken.record.pk

    def typed(self, doc: Doc, one: Document) -> int:
        tax = None if doc.kind == EXEMPT else doc.tax
        with self.inside():
            row = paper.add_elsewhere(
                member=self.members[OWNER],
                business_id=self.business.pk,
                paper=paper.Paper(
                    side=Side.SALES,
                    taxation=TAXATIONS[doc.kind],
                    written_on=date.fromisoformat(WRITTEN),
                    name="(주)새봄",
                    number=doc.buyer,
                    representative="박세리",
                    items=(paper.PaperItem("복사용지", doc.supply, tax),),
                ),
                issue_id=one.issue_id or "",
                is_another=True,
                now=self.now,
            )
        return row.pk


def lines(kind: int, supply: int) -> list[dict[str, object]]:
    line = {"supplied_on": WRITTEN, "name": "복사용지", "supply_amount": supply}
    tax = (supply // 10, 0, None)[kind]
    return [line if tax is None else line | {"tax_amount": tax}]
