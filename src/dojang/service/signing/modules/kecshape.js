/**
 * The TaxInvoice document of the standard as one table: elements in their order, fields, kinds of values.
 * It says what `dojang.etax.schema` says (a test compares the two), so that the page understands every element
 * that it signs, and refuses whatever it does not.
 *
 * Source: KEC 표준전자세금계산서 v3.0, TaxInvoice schema modules.
 */

/** @typedef {"text"|"number"|"won"|"count"|"exact"|"day"|"instant"|"document_type"|"amendment_reason"|"purpose"|"buyer_kind"|"payment_means"} Kind */
/** @typedef {{name: string, field: string, kind: Kind, required: boolean, most: number, attribute: readonly [string, string] | null}} Leaf */
/** @typedef {{name: string, field: string | null, place: number | null, required: boolean, most: number, children: readonly Shape[]}} Group */
/** @typedef {Leaf | Group} Shape */

/** @param {string} name @param {string} field @param {Kind} kind @param {Partial<Leaf>} [more] @returns {Leaf} */
function leaf(name, field, kind, more) {
  return { name, field, kind, required: false, most: 1, attribute: null, ...more };
}

/** @param {string} name @param {readonly Shape[]} children @param {Partial<Group>} [more] @returns {Group} */
function group(name, children, more) {
  return { name, field: null, place: null, required: false, most: 1, children, ...more };
}

const required = true;

const CONTACT = [
  leaf("DepartmentNameText", "department", "text"),
  leaf("PersonNameText", "name", "text"),
  leaf("TelephoneCommunication", "phone", "text"),
  leaf("URICommunication", "email", "text"),
];
const BRANCH = leaf("TaxRegistrationID", "branch_number", "number");
const REPRESENTATIVE = group("SpecifiedPerson", [leaf("NameText", "representative", "text", { required })], {
  required,
});
const ADDRESS = group("SpecifiedAddress", [leaf("LineOneText", "address", "text", { required })]);

/** @param {string} number @returns {Leaf[]} */
function identity(number) {
  return [
    leaf("ID", number, "number", { required }),
    leaf("TypeCode", "business_type", "text"),
    leaf("NameText", "name", "text", { required }),
    leaf("ClassificationCode", "business_item", "text"),
  ];
}

const PARTY = [
  ...identity("business_number"),
  group("SpecifiedOrganization", [BRANCH]),
  REPRESENTATIVE,
  group("DefinedContact", CONTACT, { field: "contact" }),
  ADDRESS,
];
const BUYER = [
  ...identity("number"),
  group("SpecifiedOrganization", [BRANCH, leaf("BusinessTypeCode", "kind", "buyer_kind", { required })], {
    required,
  }),
  REPRESENTATIVE,
  group("PrimaryDefinedContact", CONTACT, { field: "contacts", place: 0 }),
  group("SecondaryDefinedContact", CONTACT, { field: "contacts", place: 1 }),
  ADDRESS,
];

/** 관리정보. Stands outside the signature. */
export const EXCHANGED_DOCUMENT = group(
  "ExchangedDocument",
  [
    leaf("ID", "exchange_id", "text"),
    leaf("IssueDateTime", "issued_at", "instant", { required }),
    group("ReferencedDocument", [leaf("ID", "reference_id", "text")]),
  ],
  { required },
);

/** 기본정보. */
const DOCUMENT = group(
  "TaxInvoiceDocument",
  [
    leaf("IssueID", "issue_id", "number", { required }),
    leaf("TypeCode", "document_type", "document_type", { required }),
    leaf("DescriptionText", "remarks", "text", { most: 3 }),
    leaf("IssueDateTime", "written_on", "day", { required }),
    leaf("AmendmentStatusCode", "amendment_reason", "amendment_reason"),
    leaf("PurposeCode", "purpose", "purpose"),
    leaf("OriginalIssueID", "original_issue_id", "number"),
    group(
      "ReferencedImportDocument",
      [
        leaf("ID", "declaration_number", "text"),
        leaf("ItemQuantity", "item_count", "count"),
        group("AcceptablePeriod", [
          leaf("StartDateTime", "accepted_from", "day"),
          leaf("EndDateTime", "accepted_to", "day"),
        ]),
      ],
      { field: "import_document" },
    ),
  ],
  { required },
);

/** 공급자, 공급받는자, 수탁자, 결제, 합계. */
const SETTLEMENT = group(
  "TaxInvoiceTradeSettlement",
  [
    group("InvoicerParty", PARTY, { required, field: "supplier" }),
    group("InvoiceeParty", BUYER, { required, field: "buyer" }),
    group("BrokerParty", PARTY, { field: "broker" }),
    group(
      "SpecifiedPaymentMeans",
      [
        leaf("TypeCode", "means", "payment_means", { required }),
        leaf("PaidAmount", "amount", "won", { required }),
      ],
      { field: "payments", most: 4 },
    ),
    group(
      "SpecifiedMonetarySummation",
      [
        leaf("ChargeTotalAmount", "supply_amount", "won", { required }),
        leaf("TaxTotalAmount", "tax_amount", "won"),
        leaf("GrandTotalAmount", "total_amount", "won", { required }),
      ],
      { required },
    ),
  ],
  { required },
);

/** 품목. */
const LINE_ITEM = group(
  "TaxInvoiceTradeLineItem",
  [
    leaf("SequenceNumeric", "sequence", "count", { required }),
    leaf("DescriptionText", "remark", "text"),
    leaf("InvoiceAmount", "supply_amount", "won"),
    leaf("ChargeableUnitQuantity", "quantity", "exact", { attribute: ["unitCode", "unit"] }),
    leaf("InformationText", "specification", "text"),
    leaf("NameText", "name", "text"),
    leaf("PurchaseExpiryDateTime", "supplied_on", "day"),
    group("TotalTax", [leaf("CalculatedAmount", "tax_amount", "won")]),
    group("UnitPrice", [leaf("UnitAmount", "unit_price", "exact")]),
  ],
  { field: "items", most: 99 },
);

/** The whole document, without a signature. */
export const TAX_INVOICE = group("TaxInvoice", [EXCHANGED_DOCUMENT, DOCUMENT, SETTLEMENT, LINE_ITEM], {
  required,
});
