import assert from "node:assert/strict";
import { test } from "node:test";

import { Client } from "../../../src/dojang/service/signing/modules/client.js";
import { prepare, signAll } from "../../../src/dojang/service/signing/modules/session.js";
import { BUSINESSES, FACTS, Server, URLS, invoices, orderOf, signer, xmlOf } from "./orders.js";

const NOW = 1e12 - 600_000;
const key = await signer();

/** A server that makes orders as asked and issues what comes back; each may be changed. */
function serverOf({ order = orderOf, issue = [] } = {}) {
  return new Server({
    "/orders": [
      ({ invoices: wanted }) => [
        200,
        { orders: wanted.map(({ id }) => order(id)).filter(Boolean), refused: [] },
      ],
    ],
    "/issue": [
      ...issue,
      ({ signed }) => [
        200,
        {
          issued: signed.map((one) => ({ order: one.order, state: "issued", transmit_at: null })),
          refused: [],
        },
      ],
    ],
    "/session": [[200, { csrf: "again" }]],
  });
}

async function signed(
  server,
  count,
  { now = () => NOW, stop = new AbortController(), onProgress, signKey = key, groupOf } = {},
) {
  const client = new Client({ urls: URLS, csrf: "" }, server);
  const signal = stop.signal;
  const ready = await prepare({
    client,
    invoices: invoices(count, groupOf),
    businesses: BUSINESSES,
    signal: new AbortController().signal,
  });
  const outcome = await signAll({
    client,
    prepared: ready.prepared,
    key: signKey,
    signer: FACTS,
    businesses: BUSINESSES,
    now,
    signal,
    onProgress,
  });
  return { ready, outcome };
}

const numbers = (list) => list.map(({ invoice, prepared }) => (invoice ?? prepared.invoice).id);
const issuedOf = (server) =>
  server.calls.filter(({ url }) => url === "/issue").map(({ body }) => body.signed.length);

test("a thousand are ordered, signed and handed in by the hundred", async () => {
  const server = serverOf();
  const reports = [];
  const { outcome } = await signed(server, 1000, { onProgress: (progress) => reports.push(progress) });
  assert.equal(outcome.issued.length, 1000);
  assert.deepEqual(issuedOf(server), Array(10).fill(100));
  assert.deepEqual(reports.at(-1), { total: 1000, signed: 1000, issued: 1000, refused: 0 });
  assert.ok(
    reports.every(
      ({ signed, issued }, at) =>
        at === 0 || (signed >= reports[at - 1].signed && issued >= reports[at - 1].issued),
    ),
  );
});

const pairOf = (id) => 2 * Math.ceil(id / 2);
const ordersOf = (server) =>
  server.calls.filter(({ url }) => url === "/orders").map(({ body }) => body.invoices);

test("what is issued together is ordered and handed in with one call", async () => {
  const server = serverOf();
  // The first goes alone, so that a hundred would tear a pair.
  const { outcome } = await signed(server, 201, { groupOf: (id) => (id === 1 ? 1 : pairOf(id - 1) + 1) });
  assert.equal(outcome.issued.length, 201);
  assert.deepEqual(
    ordersOf(server).map((wanted) => wanted.length),
    [99, 100, 2],
  );
  assert.deepEqual(issuedOf(server), [99, 100, 2]);
});

test("a pair whose members stand apart is handed in with one call", async () => {
  const server = serverOf();
  await signed(server, 150, { groupOf: (id) => (id === 150 ? 1 : id) });
  const [first] = server.calls.filter(({ url }) => url === "/issue");
  assert.deepEqual(
    first.body.signed.slice(0, 2).map(({ order }) => order),
    ["order-1", "order-150"],
  );
});

test("where the second of a pair has hardly any time left the first gets a new order too", async () => {
  let made = 0;
  const order = (id) => {
    made += 1;
    return orderOf(id, { serial: made, expires: made === 3 ? NOW + 5_000 : 1e12 });
  };
  const server = serverOf({ order });
  const { outcome } = await signed(server, 3, { groupOf: (id) => Math.min(id, 2) });
  assert.equal(outcome.issued.length, 3);
  const again = ordersOf(server)
    .at(-1)
    .map(({ id }) => id);
  assert.deepEqual(again, [2, 3]);
});

test("what is handed in is the order with a signature in it and nothing else", async () => {
  const server = serverOf();
  await signed(server, 1);
  const [{ order, xml }] = server.calls.at(-1).body.signed;
  assert.equal(order, "order-1");
  assert.equal(xml.replace(/<ds:Signature .*<\/ds:Signature>/s, ""), orderOf(1).xml);
});

const bad = {
  document_refused: (id) => ({ ...orderOf(id), xml: "<TaxInvoice/>" }),
  order_of_another_business: (id) => orderOf(id, { supplier: "9998600010" }),
  order_missing: () => null,
};
for (const [code, order] of Object.entries(bad)) {
  test(`an order is not signed: ${code}`, async () => {
    const server = serverOf({ order: (id) => (id === 2 ? order(id) : orderOf(id)) });
    const { ready, outcome } = await signed(server, 3);
    assert.deepEqual(numbers(ready.refused), [2]);
    assert.equal(ready.refused[0].refusal.code, code);
    assert.deepEqual(numbers(outcome.issued), [1, 3]);
  });
}

test("two orders of one number are one too many", async () => {
  const { ready } = await signed(serverOf({ order: (id) => orderOf(id, { serial: 7 }) }), 2);
  assert.deepEqual(
    ready.refused.map(({ refusal }) => refusal.code),
    ["order_twice"],
  );
});

test("an order that nobody asked for is not signed", async () => {
  const server = serverOf();
  server.answers["/orders"] = [[200, { orders: [orderOf(1), orderOf(9)], refused: [] }]];
  const { outcome } = await signed(server, 1);
  assert.deepEqual(numbers(outcome.issued), [1]);
});

test("what the server will not make an order of keeps the server's reason", async () => {
  const server = serverOf();
  const refused = [{ invoice: 1, code: "changed", ko: "바뀜", en: "changed" }];
  server.answers["/orders"] = [[200, { orders: [], refused }]];
  const { ready } = await signed(server, 1);
  assert.equal(ready.refused[0].refusal.ko, "바뀜");
});

test("a lost answer hands the same bytes in again", async () => {
  const server = serverOf({ issue: ["lost"] });
  const { outcome } = await signed(server, 2);
  assert.equal(outcome.issued.length, 2);
  const [first, second] = server.calls.filter(({ url }) => url === "/issue");
  assert.deepEqual(first.body, second.body);
});

test("orders with hardly any time left are made anew before they are signed", async () => {
  let made = 0;
  const order = (id) => {
    made += 1;
    return orderOf(id, { serial: made, expires: made <= 3 ? NOW + 5_000 : 1e12 });
  };
  const server = serverOf({ order });
  const { outcome } = await signed(server, 3);
  assert.equal(outcome.issued.length, 3);
  assert.deepEqual(
    server.calls.at(-1).body.signed.map((one) => one.order),
    ["order-4", "order-5", "order-6"],
  );
});

test("an order that expired on its way is made anew once more", async () => {
  const expired = ({ signed: all }) => [
    200,
    { issued: [], refused: all.map((one) => ({ order: one.order, code: "order_expired", ko: "", en: "" })) },
  ];
  let made = 0;
  const order = (id) => {
    made += 1;
    return orderOf(id, { serial: made });
  };
  const { outcome } = await signed(serverOf({ order, issue: [expired] }), 2);
  assert.equal(outcome.issued.length, 2);

  made = 0;
  const server = serverOf({ order, issue: [expired, expired, expired, expired] });
  const again = await signed(server, 2);
  assert.deepEqual(
    again.outcome.refused.map(({ refusal }) => refusal.code),
    ["order_expired", "order_expired"],
  );
  assert.equal(issuedOf(server).length, 3);
});

test("a new order that says something else is not signed", async () => {
  let made = 0;
  const order = (id) => {
    made += 1;
    return made === 1 ? orderOf(id, { expires: NOW }) : orderOf(id, { serial: 2, total: "99000" });
  };
  const server = serverOf({ order });
  const { outcome } = await signed(server, 1);
  assert.equal(outcome.refused[0].refusal.code, "order_changed");
  assert.deepEqual(issuedOf(server), []);
});

test("what is refused one by one does not keep the others", async () => {
  const first = ({ signed: all }) => [
    200,
    {
      issued: all.slice(1).map((one) => ({ order: one.order, state: "issued", transmit_at: null })),
      refused: [{ order: all[0].order, code: "closed", ko: "폐업", en: "closed" }],
    },
  ];
  const { outcome } = await signed(serverOf({ issue: [first] }), 3);
  assert.deepEqual(numbers(outcome.refused), [1]);
  assert.deepEqual(numbers(outcome.issued), [2, 3]);
});

test("when the server refuses a whole call the rest is not even tried", async () => {
  const server = serverOf({ issue: [[403, { code: "no_right", ko: "권한 없음", en: "no right" }]] });
  const { outcome } = await signed(server, 450);
  assert.equal(outcome.refused.length, 450);
  assert.deepEqual(new Set(outcome.refused.map(({ refusal }) => refusal.code)), new Set(["no_right"]));
  assert.ok(issuedOf(server).length <= 2);
});

test("after a cancel nothing more is signed or handed in, and each document is accounted for", async () => {
  const stop = new AbortController();
  const server = serverOf();
  const onProgress = ({ issued }) => issued >= 100 && stop.abort();
  const { outcome } = await signed(server, 500, { stop, onProgress });
  const { issued, refused, unsent, unknown } = outcome;
  assert.ok(issued.length >= 100 && issued.length < 500);
  assert.equal(issued.length + unsent.length, 500);
  assert.equal(refused.length + unknown.length, 0);
});

test("an answer that leaves a document out leaves its fate unknown", async () => {
  const { outcome } = await signed(serverOf({ issue: [[200, { issued: [], refused: [] }]] }), 1);
  assert.equal(outcome.unknown.length, 1);
});

test("a document that the key fails to sign is refused alone", async () => {
  let made = 0;
  const sign = async (bytes) => {
    made += 1;
    if (made === 2) throw new Error("no");
    return key.sign(bytes);
  };
  const failing = { ...key, sign };
  const { outcome } = await signed(serverOf(), 3, { signKey: failing });
  assert.equal(outcome.issued.length, 2);
  assert.equal(outcome.refused[0].refusal.code, "page_failed");
});

test("nothing to sign is no error", async () => {
  const { ready, outcome } = await signed(serverOf(), 0);
  assert.equal(ready.prepared.length, 0);
  assert.deepEqual(outcome, { issued: [], refused: [], unsent: [], unknown: [] });
});

test("markup in a name goes through as text", async () => {
  const xml = xmlOf({ buyer: "&lt;b&gt;" });
  const { ready } = await signed(serverOf({ order: () => ({ ...orderOf(1), xml }) }), 1);
  assert.equal(ready.prepared[0].read.document.buyer.name, "<b>");
});

test("long documents are handed in by as many as the server takes in one call", async () => {
  const line = "가나다라".repeat(12_000);
  const server = serverOf({ order: (id) => orderOf(id, { buyer: line }) });
  const { outcome } = await signed(server, 60);
  assert.equal(outcome.issued.length, 60);
  assert.deepEqual(
    outcome.issued.map(({ prepared }) => prepared.invoice.id),
    invoices(60).map(({ id }) => id),
  );
  const calls = server.calls.filter(({ url }) => url === "/issue");
  assert.deepEqual(
    calls.map(({ body }) => body.signed.length),
    [20, 20, 20],
  );
  for (const { body } of calls)
    assert.ok(new TextEncoder().encode(JSON.stringify(body)).length < 4 * 1024 * 1024);
});
