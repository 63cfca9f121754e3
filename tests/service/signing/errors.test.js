import assert from "node:assert/strict";
import { test } from "node:test";
import { Refusal, refuse } from "../../../src/dojang/service/signing/modules/errors.js";
import { MESSAGES } from "../../../src/dojang/service/signing/modules/messages.js";

test("facts stand in both sentences, numbers in groups, a fact of two languages in its own", () => {
  const tooLarge = refuse("too_large", { limit: 65536 });
  assert.match(tooLarge.ko, /최대 65,536바이트/);
  assert.match(tooLarge.en, /at most 65,536 bytes/);
  const policy = refuse("not_for_tax_invoices", { policy: { ko: "은행용", en: "Banks" } });
  assert.match(policy.ko, /\(은행용\)/);
  assert.match(policy.en, /\(Banks\)/);
});

test("a refusal is an error with a code, and a warning only where the table says so", () => {
  const refusal = refuse("malformed");
  assert.ok(refusal instanceof Error && refusal instanceof Refusal);
  assert.equal(refusal.code, "malformed");
  assert.equal(refusal.message, refusal.en);
  assert.equal(refusal.severity, "error");
  assert.equal(refuse("unknown_policy", { policy: "-" }).severity, "warning");
});

test("every message has a sentence in both languages and the same facts in them", () => {
  for (const [code, { ko, en }] of Object.entries(MESSAGES)) {
    const facts = (sentence) => [...sentence.matchAll(/\{(\w+)/g)].map((match) => match[1]).sort();
    assert.match(code, /^[a-z0-9_]+$/);
    assert.match(ko, /[가-힣].*[.?!]$/, code);
    assert.match(en, /^[A-Z‘{].*[.?!]$/, code);
    assert.deepEqual(facts(ko), facts(en), code);
  }
});
