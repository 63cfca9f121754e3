import assert from "node:assert/strict";
import { test } from "node:test";

import { systemOf, typed } from "../../../src/dojang/service/signing/modules/places.js";
import {
  grouped,
  groupedDecimal,
  instantShown,
  numberShown,
} from "../../../src/dojang/service/signing/modules/ui.js";
import { speaker, WORDS } from "../../../src/dojang/service/signing/modules/words.js";

test("amounts are grouped by the thousand, however long", () => {
  assert.equal(grouped(0n), "0");
  assert.equal(grouped(999n), "999");
  assert.equal(grouped(-1000n), "−1,000");
  assert.equal(grouped(999999999999999999n), "999,999,999,999,999,999");
  assert.equal(groupedDecimal("-1234567.5"), "−1,234,567.5");
  assert.equal(groupedDecimal(""), "");
});

test("a business number has hyphens, a resident number is not shown whole", () => {
  assert.equal(numberShown("9998100015"), "999-81-00015");
  assert.equal(numberShown("0000000000000"), "000000-0••••••");
  assert.equal(numberShown("12"), "12");
});

test("instants are told in Korean time", () => {
  assert.equal(instantShown(new Date("2026-11-20T15:30:00Z")), "2026-11-21 00:30");
});

test("each word is there in both languages with the same facts", () => {
  const facts = (text) => [...text.matchAll(/\{\w+\}/g)].map(([fact]) => fact).sort();
  for (const [word, { ko, en }] of Object.entries(WORDS)) {
    assert.ok(ko && en, word);
    assert.deepEqual(facts(ko), facts(en), word);
  }
});

test("a fact is put in as it is, even where it looks like a pattern", () => {
  assert.equal(speaker("ko")("show_details", { name: "$&{n}" }), "$&{n} 자세히");
  assert.equal(speaker("en")("issued_n", { n: 1000 }), "1,000 issued");
});

test("folders are written as one types them on each system", () => {
  assert.equal(typed("~/AppData/LocalLow/NPKI", "windows"), "%USERPROFILE%\\AppData\\LocalLow\\NPKI");
  assert.equal(typed("~/NPKI", "mac"), "~/NPKI");
  assert.equal(systemOf("Mozilla/5.0 (Windows NT 10.0; Win64; x64)"), "windows");
  assert.equal(systemOf("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)"), "mac");
  assert.equal(systemOf("Mozilla/5.0 (iPhone; CPU iPhone OS 18_4 like Mac OS X)"), "mobile");
  assert.equal(systemOf("Mozilla/5.0 (X11; Linux x86_64)"), "linux");
});
