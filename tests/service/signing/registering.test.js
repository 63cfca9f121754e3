import assert from "node:assert/strict";
import { test } from "node:test";

import { utf8 } from "../../../src/dojang/service/signing/modules/bytes.js";
import { Client, Interrupted } from "../../../src/dojang/service/signing/modules/client.js";
import { register } from "../../../src/dojang/service/signing/modules/registering.js";
import { FACTS, Server, URLS } from "./orders.js";

const CHALLENGE = "eyJhIjoxfQ:1abcDE:challenge-of-the-server";

function asked({
  answers = {},
  known = [],
  challenge = CHALLENGE,
  signal = new AbortController().signal,
} = {}) {
  const server = new Server({
    "/register": [[201, { id: 5, state: "pending" }]],
    "/certificate/5": [[200, { state: "matches" }]],
    ...answers,
  });
  const signed = [];
  const key = {
    certificate: { fingerprint: "f1" },
    sign: async (bytes) => {
      signed.push(bytes);
      return new Uint8Array([1]);
    },
  };
  const client = new Client({ urls: URLS, csrf: "" }, server);
  const { pause } = server;
  const context = challenge === null ? {} : { challenge };
  const done = register({
    client,
    key,
    signer: FACTS,
    business: 1,
    context,
    known,
    signal,
    pause,
  });
  return { server, signed, known, context, done };
}

test("the next registration has the challenge that the server gave with its answer, also when it refuses", async () => {
  const next = "eyJhIjoyfQ:1abcDE:another-challenge";
  const { context, done } = asked({
    answers: { "/register": [[201, { id: 5, state: "mismatch", challenge: next }]] },
  });
  await assert.rejects(done, { code: "not_this_business_number" });
  assert.equal(context.challenge, next);
});

test("it signs the challenge behind a prefix of its own and waits for the verdict", async () => {
  const { server, signed, known, done } = asked({
    answers: {
      "/certificate/5": [
        [200, { state: "pending" }],
        [200, { state: "matches" }],
      ],
    },
  });
  await done;
  assert.deepEqual(signed, [utf8(`dojang-register:${CHALLENGE}`)]);
  assert.deepEqual(server.urls, ["/register", "/certificate/5", "/certificate/5"]);
  assert.equal(server.calls[0].body.challenge, CHALLENGE);
  assert.deepEqual(known, [{ business: 1, fingerprint: "f1", verdict: "matches" }]);
});

test("a certificate that is known is not registered again", async () => {
  const { server, done } = asked({ known: [{ business: 1, fingerprint: "f1", verdict: "matches" }] });
  await done;
  assert.deepEqual(server.urls, []);
});

test("one that is known for another business is registered for this one", async () => {
  const { server, done } = asked({ known: [{ business: 2, fingerprint: "f1", verdict: "matches" }] });
  await done;
  assert.equal(server.urls[0], "/register");
});

test("one known to belong to somebody else is refused before anything is signed", async () => {
  const { signed, done } = asked({ known: [{ business: 1, fingerprint: "f1", verdict: "mismatch" }] });
  await assert.rejects(done, { code: "not_this_business_number" });
  assert.deepEqual(signed, []);
});

for (const [state, code] of [
  ["mismatch", "not_this_business_number"],
  ["refused", "certificate_refused"],
]) {
  test(`the verdict ${state} is said`, async () => {
    await assert.rejects(asked({ answers: { "/certificate/5": [[200, { state }]] } }).done, { code });
  });
}

test("the server's own words are kept", async () => {
  const answer = { state: "refused", code: "revoked", ko: "폐지된 인증서입니다.", en: "Revoked." };
  await assert.rejects(asked({ answers: { "/certificate/5": [[200, answer]] } }).done, {
    code: "revoked",
    ko: "폐지된 인증서입니다.",
  });
});

test("a verdict that does not come is not waited for for ever", async () => {
  const { server, done } = asked({ answers: { "/certificate/5": [[200, { state: "pending" }]] } });
  await assert.rejects(done, { code: "certificate_still_pending" });
  assert.equal(server.urls.length, 61);
});

test("where nothing may be registered an unknown certificate is refused, and a pending one left to the server", async () => {
  await assert.rejects(asked({ challenge: null }).done, { code: "certificate_not_registered" });
  const { server, done } = asked({
    challenge: null,
    known: [{ business: 1, fingerprint: "f1", verdict: "pending" }],
  });
  await done;
  assert.deepEqual(server.urls, []);
});

for (const challenge of [
  "short",
  "x".repeat(301),
  '<ds:SignedInfo xmlns="…">',
  "with\nline\nends----------",
]) {
  test(`something else than a challenge is not signed: ${challenge.slice(0, 12)}`, async () => {
    const { signed, done } = asked({ challenge });
    await assert.rejects(done, { code: "page_failed" });
    assert.deepEqual(signed, []);
  });
}

test("a cancel ends the waiting", async () => {
  const stop = new AbortController();
  const { done } = asked({
    signal: stop.signal,
    answers: { "/register": [() => [stop.abort(), [201, { id: 5, state: "pending" }]][1]] },
  });
  await assert.rejects(done, Interrupted);
});
