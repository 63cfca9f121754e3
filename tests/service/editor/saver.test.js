import assert from "node:assert/strict";
import { test } from "node:test";
import { Saver } from "../../../src/dojang/service/invoices/static/invoices/saver.js";

const SAVED = { status: 200, data: {} };
const NOBODY_KNOWS = { status: 0, data: null };

/** A saver whose clock is turned by hand, and a server that answers what it is told to. */
function setUp(...answers) {
  const world = { sent: [], phases: [], due: undefined, delay: 0 };
  let names = 0;
  world.saver = new Saver({
    send: async (names) => {
      world.sent.push(names);
      await world.before?.();
      return answers.length > 1 ? answers.shift() : (answers[0] ?? SAVED);
    },
    tell: (phase) => world.phases.push(phase),
    name: () => `save-${++names}`,
    clock: {
      set: (act, delay) => {
        world.due = act;
        world.delay = delay;
      },
      clear: () => {
        world.due = undefined;
      },
    },
  });
  world.turn = async () => {
    const due = world.due;
    world.due = undefined;
    due?.();
    for (let at = 0; at < 10; at += 1) await Promise.resolve();
  };
  return world;
}

test("what is typed is saved once after a pause", async () => {
  const world = setUp();
  world.saver.touch();
  world.saver.touch();
  assert.equal(world.saver.isSafe, false);
  await world.turn();
  assert.equal(world.sent.length, 1);
  assert.deepEqual(world.phases, ["dirty", "saving", "clean"]);
  assert.equal(world.saver.isSafe, true);
});

test("what is typed while a save is on its way is saved after it, never beside it", async () => {
  const world = setUp();
  world.before = () => {
    if (world.sent.length === 1) world.saver.touch();
  };
  world.saver.touch();
  await world.turn();
  assert.equal(world.sent.length, 1);
  assert.equal(world.saver.phase, "dirty");
  await world.turn();
  assert.equal(world.sent.length, 2);
  assert.equal(world.saver.phase, "clean");
});

test("a lost answer is tried again, later each time, and named", async () => {
  const world = setUp(NOBODY_KNOWS, { status: 502, data: null }, NOBODY_KNOWS, SAVED);
  world.saver.touch();
  const delays = [];
  for (let at = 0; at < 4; at += 1) {
    await world.turn();
    delays.push(world.delay);
  }
  assert.deepEqual(delays.slice(0, 3), [2000, 4000, 8000]);
  assert.deepEqual(world.sent.at(-1), { save: "save-4", lost: ["save-1", "save-2", "save-3"] });
  assert.equal(world.saver.phase, "clean");
  world.saver.touch();
  await world.turn();
  assert.deepEqual(world.sent.at(-1).lost, []);
});

test("a conflict ends saving: nothing is overwritten, and nothing is said to be safe", async () => {
  const world = setUp({ status: 409, data: { code: "changed_meanwhile" } });
  world.saver.touch();
  await world.turn();
  world.saver.touch();
  assert.equal(world.saver.phase, "conflict");
  assert.equal(world.due, undefined);
  assert.equal(await world.saver.flush(), false);
  assert.equal(world.sent.length, 1);
});

test("a refusal waits for the next change", async () => {
  const world = setUp({ status: 413, data: {} }, SAVED);
  world.saver.touch();
  await world.turn();
  assert.equal(world.saver.phase, "refused");
  assert.equal(world.due, undefined);
  world.saver.touch();
  await world.turn();
  assert.equal(world.saver.phase, "clean");
});

test("flush saves at once, also what is typed meanwhile, and says whether it could", async () => {
  const world = setUp();
  world.before = () => {
    if (world.sent.length === 1) world.saver.touch();
  };
  world.saver.touch();
  assert.equal(await world.saver.flush(), true);
  assert.equal(world.sent.length, 2);
  const offline = setUp(NOBODY_KNOWS);
  offline.saver.touch();
  assert.equal(await offline.saver.flush(), false);
  assert.equal(offline.saver.phase, "offline");
});

test("two who flush at once send one save", async () => {
  const world = setUp();
  world.saver.touch();
  await Promise.all([world.saver.flush(), world.saver.flush()]);
  assert.equal(world.sent.length, 1);
});

test("while offline typing does not hurry; a connection does", async () => {
  const world = setUp(NOBODY_KNOWS, SAVED);
  world.saver.touch();
  await world.turn();
  world.saver.touch();
  assert.equal(world.delay, 2000);
  world.saver.retry();
  await world.turn();
  for (let at = 0; at < 10; at += 1) await Promise.resolve();
  assert.equal(world.saver.phase, "clean");
});
