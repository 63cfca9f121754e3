import assert from "node:assert/strict";
import { test } from "node:test";
import { readDay, shortDay } from "../../../src/dojang/service/invoices/static/invoices/days.js";
import {
  hyphenated,
  isBusinessNumber,
} from "../../../src/dojang/service/invoices/static/invoices/numbers.js";
import { headings, readTable } from "../../../src/dojang/service/invoices/static/invoices/table.js";
import { stringify } from "../../../src/dojang/service/invoices/static/invoices/wire.js";

test("cells come apart at tabs and lines, whatever ends them", () => {
  assert.deepEqual(readTable("a\tb\r\nc\td\r\n"), [
    ["a", "b"],
    ["c", "d"],
  ]);
  assert.deepEqual(readTable("a\nb\rc"), [["a"], ["b"], ["c"]]);
  assert.deepEqual(readTable(""), [[""]]);
  assert.deepEqual(readTable("\t\t\n\n"), [["", "", ""]]);
});

test("quoted cells keep tabs, lines and quotes; an inch sign is no quote", () => {
  assert.deepEqual(readTable('"a\tb"\t"c ""d"""\n"e\r\nf"\tg'), [
    ["a b", 'c "d"'],
    ["e f", "g"],
  ]);
  assert.deepEqual(readTable('19" 모니터\t3\n"열린\t것'), [
    ['19" 모니터', "3"],
    ['"열린', "것"],
  ]);
});

test("a row of headings names its columns, in any order, unknown ones passed over", () => {
  assert.deepEqual(headings(["거래처", "품 목", "수량(EA)", "단가(원)", "공급가액"]), [
    undefined,
    "name",
    undefined,
    "price",
    "supply",
  ]);
  assert.equal(headings(["복사용지", "A4", "10"]), undefined);
  assert.equal(headings(["품목", "10", "20"]), undefined);
});

test("days are read as people type them", () => {
  const cases = {
    "2026-11-05": "2026-11-05",
    "2026.11.5.": "2026-11-05",
    "2026. 11. 5. (목)": "2026-11-05",
    "2026/11/05 00:00:00": "2026-11-05",
    "2026-11-05T09:00:00": "2026-11-05",
    20261105: "2026-11-05",
    261105: "2026-11-05",
    "26.11.05": "2026-11-05",
    "2026년 11월 5일": "2026-11-05",
    "11월5일": "2026-11-05",
    "11/5": "2026-11-05",
    1105: "2026-11-05",
    5: "2026-11-05",
    "5일": "2026-11-05",
    "2028-02-29": "2028-02-29",
  };
  for (const [text, expected] of Object.entries(cases))
    assert.equal(readDay(text, "2026-11-20"), expected, text);
  assert.equal(readDay(" ", "2026-11-20"), null);
  for (const text of ["2026-02-29", "2026-13-01", "11/31", "0", "어제", "2026-11-05-1", "45000000"]) {
    assert.equal(readDay(text, "2026-11-20"), "wrong", text);
  }
  assert.equal(readDay("11/5", ""), "wrong");
  assert.equal(shortDay("2026-11-05", "2026-12-01"), "11/05");
  assert.equal(shortDay("2025-11-05", "2026-12-01"), "2025-11-05");
});

test("business numbers show their check digit to be right", () => {
  assert.ok(isBusinessNumber("9998100015"));
  for (const number of ["9998100016", "0000000000", "999810001", "", "99981000150"])
    assert.ok(!isBusinessNumber(number));
  assert.equal(hyphenated("9998100015"), "999-81-00015");
});

test("whole numbers of any size are written digit by digit; texts stay texts", () => {
  assert.equal(
    stringify({ a: 12345678901234567890n, b: -1n, c: "12", d: "\u00005", e: null }),
    '{"a":12345678901234567890,"b":-1,"c":"12","d":"5","e":null}',
  );
});
