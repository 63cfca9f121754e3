import assert from "node:assert/strict";
import { test } from "node:test";
import * as money from "../../../src/dojang/service/invoices/static/invoices/money.js";

test("numbers are read as people and spreadsheets write them", () => {
  const cases = {
    "1,234,567": 123456700n,
    1234567: 123456700n,
    " 1 000원 ": 100000n,
    "₩1,000": 100000n,
    "１，０００": 100000n,
    "(1,000)": -100000n,
    "△1,000": -100000n,
    "▲1,000": -100000n,
    "−1,000": -100000n,
    "-0.5": -50n,
    "1.50": 150n,
    "1.500": 150n,
    "2.": 200n,
    0: 0n,
    "-0": 0n,
    "123456789012345678901234567890": 12345678901234567890123456789000n,
  };
  for (const [text, expected] of Object.entries(cases)) assert.equal(money.readDecimal(text), expected, text);
});

test("nothing is nothing, and what is no number is wrong", () => {
  for (const text of ["", " ", "원", "  원"]) assert.equal(money.readDecimal(text), null, text);
  for (const text of [
    "십만",
    "1.234",
    "1,23",
    "1,2345",
    "12,345,67",
    "1e3",
    "0x10",
    "--1",
    "1-1",
    "NaN",
    "1.2.3",
    ".",
    "-",
  ]) {
    assert.equal(money.readDecimal(text), "wrong", text);
  }
  assert.equal(money.readWon("1.5"), "wrong");
  assert.equal(money.readWon("1.00"), 1n);
});

test("10 % keeps the sign and rounds the size", () => {
  assert.equal(money.taxOf(1005n, "down"), 100n);
  assert.equal(money.taxOf(1005n, "half_up"), 101n);
  assert.equal(money.taxOf(1001n, "up"), 101n);
  assert.equal(money.taxOf(-1005n, "down"), -100n);
  assert.equal(money.taxOf(-1005n, "half_up"), -101n);
  assert.equal(money.taxOf(-1001n, "up"), -101n);
});

test("110,000 with tax is 100,000 and 10,000", () => {
  for (const rounding of ["down", "half_up", "up"]) {
    assert.deepEqual(money.splitTotal(110000n, rounding), { supply: 100000n, tax: 10000n });
  }
});

test("a price without tax gives its supply amount back", () => {
  assert.equal(money.netPrice(27272n, 300n), 909066n + 1n);
  assert.equal(money.netPrice(9090n, 100n), 909000n);
  assert.equal(money.netPrice(-9090n, -100n), 909000n);
  assert.equal(money.product(300n, money.netPrice(27272n, 300n), "down"), 27272n);
});

test("numbers are written with thousands and without needless places", () => {
  assert.equal(money.grouped(-1234567n), "-1,234,567");
  assert.equal(money.grouped("1234.5"), "1,234.5");
  assert.equal(money.writeDecimal(-50n), "-0.5");
  assert.equal(money.writeDecimal(123400n), "1234");
});
