import assert from "node:assert/strict";
import { test } from "node:test";
import {
  amountsOf,
  duplicate,
  fromItem,
  isEmpty,
  isWrong,
  keptOf,
  newRow,
  setCell,
  shown,
  switchTax,
  toItem,
  totalsOf,
} from "../../../src/dojang/service/invoices/static/invoices/rows.js";

const RULES = { vat: "excluded", taxation: "taxable", rounding: "down", writtenOn: "2026-11-20" };
const INCLUDED = { ...RULES, vat: "included" };

function typed(rules, ...cells) {
  const row = newRow();
  for (const [column, text] of cells) setCell(row, column, text, rules);
  return row;
}

test("quantity and price make supply and tax", () => {
  const row = typed(RULES, ["quantity", "1.5"], ["price", "10,001"]);
  assert.deepEqual(amountsOf(row, RULES), { supply: 15001n, tax: 1500n, total: 16501n });
});

test("with tax included they make the total, which is split", () => {
  const row = typed(INCLUDED, ["quantity", "10"], ["price", "11,000"]);
  assert.deepEqual(amountsOf(row, INCLUDED), { supply: 100000n, tax: 10000n, total: 110000n });
  assert.equal(toItem(row, INCLUDED).unit_price, "10000");
});

test("an amount that was typed stays until it is emptied", () => {
  const row = typed(RULES, ["quantity", "2"], ["price", "1000"], ["supply", "1,999"]);
  assert.ok(row.manual.has("supply"));
  setCell(row, "quantity", "3", RULES);
  assert.equal(amountsOf(row, RULES).supply, 1999n);
  setCell(row, "supply", "", RULES);
  assert.equal(amountsOf(row, RULES).supply, 3000n);
});

test("an amount that says what would be computed anyway is computed from then on", () => {
  const row = typed(RULES, ["supply", "2000"], ["quantity", "2"], ["price", "1000"]);
  assert.equal(row.manual.size, 0);
  setCell(row, "tax", "200", RULES);
  assert.equal(row.manual.size, 0);
  setCell(row, "price", "3000", RULES);
  assert.deepEqual(amountsOf(row, RULES), { supply: 6000n, tax: 600n, total: 6600n });
});

test("of a total with tax the last part that was typed holds, the other is the rest", () => {
  const row = typed(INCLUDED, ["total", "110,000"], ["tax", "9,999"]);
  assert.deepEqual(amountsOf(row, INCLUDED), { supply: 100001n, tax: 9999n, total: 110000n });
  setCell(row, "supply", "100,002", INCLUDED);
  assert.deepEqual(amountsOf(row, INCLUDED), { supply: 100002n, tax: 9998n, total: 110000n });
});

test("zero-rated has 0 won of tax, an exempt invoice has none", () => {
  const row = typed(RULES, ["supply", "1000"]);
  assert.equal(amountsOf(row, { ...RULES, taxation: "zero_rated" }).tax, 0n);
  assert.equal(amountsOf(row, { ...RULES, taxation: "exempt" }).tax, null);
  assert.equal(amountsOf(row, { ...RULES, taxation: "exempt", vat: "included" }).supply, 1000n);
});

test("minus lines are discounts", () => {
  const rows = [typed(RULES, ["supply", "10000"]), typed(RULES, ["supply", "-1,005"])];
  assert.deepEqual(totalsOf(rows, RULES), { supply: 8995n, tax: 900n, total: 9895n, wrong: 0 });
});

test("texts that are no numbers are kept, shown, sent as they are, and counted", () => {
  const row = typed(RULES, ["quantity", "두 개"], ["supply", "천원"], ["supplied_on", "11/31"]);
  assert.ok(
    isWrong(row, "quantity", RULES) && isWrong(row, "supply", RULES) && isWrong(row, "supplied_on", RULES),
  );
  assert.equal(shown(row, "supply", RULES), "천원");
  const item = toItem(row, RULES);
  assert.deepEqual([item.quantity, item.supply_amount, item.supplied_on], ["두 개", "천원", "11/31"]);
  assert.equal(totalsOf([row], RULES).wrong, 1);
});

test("what was saved is shown again, computed or typed", () => {
  for (const rules of [RULES, INCLUDED]) {
    const rows = [
      typed(rules, ["quantity", "3"], ["price", "10000"]),
      typed(rules, ["quantity", "3"], ["price", "10000"], ["tax", "2727"]),
      typed(rules, ["total", "10,000"], ["supply", "9091"]),
      typed(rules, ["supply", "5"]),
      typed(rules, ["total", "만원"]),
    ];
    for (const row of rows) {
      const item = toItem(row, rules);
      const text = Object.fromEntries(
        Object.entries(item).map(([name, value]) => [name, value === null ? null : String(value)]),
      );
      assert.deepEqual(toItem(fromItem(text, keptOf(row, rules), rules), rules), item);
    }
  }
});

test("fields the editor does not show are kept; a unit only with its quantity", () => {
  const row = fromItem({ name: "x", unit: "EA", quantity: "2", other: "y" }, {}, RULES);
  assert.equal(toItem(row, RULES).unit, "EA");
  assert.equal(toItem(row, RULES).other, "y");
  setCell(row, "quantity", "", RULES);
  assert.ok(!("unit" in toItem(row, RULES)));
});

test("a date alone is an empty line; so is an amount that nobody typed", () => {
  assert.ok(isEmpty(newRow({ supplied_on: "2026-11-20", supply: "stale" })));
  assert.ok(!isEmpty(typed(RULES, ["supply", "0"])));
});

test("a copy of a line is a line of its own", () => {
  const row = typed(RULES, ["supply", "7"]);
  const copy = duplicate(row);
  setCell(copy, "supply", "", RULES);
  assert.equal(amountsOf(row, RULES).supply, 7n);
});

test("cells are shown grouped, days short within their year", () => {
  const row = typed(RULES, ["quantity", "1000.50"], ["price", "1234567"], ["supplied_on", "1105"]);
  assert.deepEqual(
    ["quantity", "price", "supply", "tax", "supplied_on"].map((column) => shown(row, column, RULES)),
    ["1,000.5", "1,234,567", "1,235,184,283", "123,518,428", "11/05"],
  );
  setCell(row, "supplied_on", "2025-12-31", RULES);
  assert.equal(shown(row, "supplied_on", RULES), "2025-12-31");
});

test("switching tax in or out keeps the texts and moves what the amount means", () => {
  const rows = [typed(RULES, ["quantity", "1"], ["price", "110000"]), typed(RULES, ["supply", "110000"])];
  switchTax(rows, RULES, INCLUDED);
  for (const row of rows) assert.equal(amountsOf(row, INCLUDED).supply, 100000n);
  switchTax(rows, INCLUDED, RULES);
  for (const row of rows) assert.equal(amountsOf(row, RULES).supply, 110000n);
});
