/** What the editor makes of amounts, for Python to compare. In and out as JSON; whole numbers as text. */

import { readFileSync } from "node:fs";
import { readDay } from "../../../src/dojang/service/invoices/static/invoices/days.js";
import * as money from "../../../src/dojang/service/invoices/static/invoices/money.js";
import { isBusinessNumber } from "../../../src/dojang/service/invoices/static/invoices/numbers.js";
import {
  fromItem,
  keptOf,
  newRow,
  setCell,
  toItem,
} from "../../../src/dojang/service/invoices/static/invoices/rows.js";
import { readTable } from "../../../src/dojang/service/invoices/static/invoices/table.js";
import { stringify } from "../../../src/dojang/service/invoices/static/invoices/wire.js";

const JUDGES = {
  tax: ({ supply, rounding }) => String(money.taxOf(BigInt(supply), rounding)),
  split({ total, rounding }) {
    const { supply, tax } = money.splitTotal(BigInt(total), rounding);
    return [String(supply), String(tax)];
  },
  product: ({ quantity, price, rounding }) =>
    String(money.product(money.readDecimal(quantity), money.readDecimal(price), rounding)),
  decimal: ({ text }) => String(money.readDecimal(text)),
  number: ({ number }) => isBusinessNumber(number),
  day: ({ text, reference }) => readDay(text, reference),
  table: ({ text }) => readTable(text),
  item({ rules, cells }) {
    const row = newRow();
    for (const [column, text] of cells) setCell(row, column, text, rules);
    const item = toItem(row, rules);
    const texts = Object.fromEntries(
      Object.entries(item).map(([name, value]) => [name, value === null ? null : String(value)]),
    );
    const again = fromItem(texts, JSON.parse(stringify(keptOf(row, rules))), rules);
    return { item: stringify(item), again: stringify(toItem(again, rules)) };
  },
};

const asked = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(asked.map((one) => JUDGES[one.kind](one))));
