import assert from "node:assert/strict";
import { test } from "node:test";

import { Client, Interrupted, pause } from "../../../src/dojang/service/signing/modules/client.js";
import { Server, URLS } from "./orders.js";

const DONE = [200, { orders: [], refused: [] }];

function clientOf(server) {
  const client = new Client({ urls: URLS, csrf: "first" }, server);
  client.connections = [];
  client.onConnection = (connection) => client.connections.push(connection);
  return client;
}

const never = () => new AbortController().signal;

test("a lost answer is asked for again, a little later each time", async () => {
  const server = new Server({
    "/orders": ["lost", [503, ""], [200, "<html>"], [429, ""], "lost", "lost", "lost", DONE],
  });
  const client = clientOf(server);
  assert.deepEqual(await client.orders([], never()), { orders: [], refused: [] });
  assert.deepEqual(server.pauses, [500, 1000, 2000, 4000, 8000, 15000, 15000]);
  assert.deepEqual(client.connections, ["waiting", "connected"]);
});

test("what the server refuses is said in its own words, once", async () => {
  const server = new Server({ "/orders": [[409, { code: "changed", ko: "바뀌었습니다.", en: "Changed." }]] });
  await assert.rejects(clientOf(server).orders([], never()), {
    code: "changed",
    ko: "바뀌었습니다.",
    en: "Changed.",
  });
  assert.equal(server.calls.length, 1);
});

test("a server that fails is not asked for ever", async () => {
  const server = new Server({ "/orders": [[500, "<h1>Server error</h1>"]] });
  await assert.rejects(clientOf(server).orders([], never()), { code: "server_failed" });
  assert.equal(server.calls.length, 4);
});

test("after a new log-in it goes on with the new token", async () => {
  const server = new Server({
    "/orders": [[401, { code: "session_lost" }], DONE],
    "/session": [[401, {}], "lost", [200, "<html>"], [200, { csrf: "second" }]],
  });
  const client = clientOf(server);
  await client.orders([], never());
  assert.deepEqual(server.urls, ["/orders", "/session", "/session", "/session", "/session", "/orders"]);
  assert.equal(server.calls[0].csrf, "first");
  assert.equal(server.calls.at(-1).csrf, "second");
  assert.deepEqual(client.connections, ["session_lost", "connected"]);
});

test("a redirect to the log-in page is a lost session", async () => {
  const server = new Server({ "/orders": [DONE], "/session": [[200, { csrf: "second" }]] });
  const { fetch } = server;
  let redirected = false;
  server.fetch = async (url, request) => {
    if (url !== "/orders" || redirected) return fetch(url, request);
    redirected = true;
    assert.equal(request.redirect, "manual");
    return { type: "opaqueredirect", ok: false, status: 0 };
  };
  await clientOf(server).orders([], never());
  assert.deepEqual(server.urls, ["/session", "/orders"]);
});

for (const [answer, mayBeDone] of [
  ["lost", true],
  [[401, {}], false],
]) {
  test(`a cancel while ${answer === "lost" ? "the answer is lost" : "logged out"} says whether it may be done`, async () => {
    const server = new Server({ "/issue": [answer], "/session": [[401, {}]] });
    const stop = new AbortController();
    const client = clientOf(server);
    client.onConnection = () => stop.abort();
    await assert.rejects(client.issue({ signed: [] }, stop.signal), (error) => {
      assert.ok(error instanceof Interrupted);
      assert.equal(error.mayBeDone, mayBeDone);
      return true;
    });
    assert.equal(server.urls.filter((url) => url === "/issue").length, 1);
  });
}

test("a cancel leaves an answer on its way a moment to arrive", async () => {
  const stop = new AbortController();
  const server = new Server({});
  server.fetch = async (_, { signal }) => {
    stop.abort();
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(signal.aborted, false);
    return new Response(JSON.stringify({ issued: [{ order: "a" }], refused: [] }));
  };
  const answer = await clientOf(server).issue({ signed: [] }, stop.signal);
  assert.deepEqual(answer.issued, [{ order: "a" }]);
});

test("a cancelled client asks nothing", async () => {
  const server = new Server({ "/orders": [DONE] });
  await assert.rejects(clientOf(server).orders([], AbortSignal.abort()), Interrupted);
  assert.equal(server.calls.length, 0);
});

test("an answer without lists is one of empty lists", async () => {
  const server = new Server({ "/orders": [[200, { orders: null }]] });
  assert.deepEqual(await clientOf(server).orders([], never()), { orders: [], refused: [] });
});

test("a pause ends when it is cancelled, before or in the middle", async () => {
  await pause(60_000, AbortSignal.abort());
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 5);
  await pause(60_000, stop.signal);
});
