import assert from "node:assert/strict";
import { test } from "node:test";
import * as bytes from "../../../src/dojang/service/signing/modules/bytes.js";

test("base64 and hexadecimal give back what they were given, a megabyte too", () => {
  for (const length of [0, 1, 2, 3, 255, 1024 * 1024]) {
    const data = Uint8Array.from({ length }, (_, at) => (at * 7) % 256);
    assert.equal(bytes.toBase64(data), Buffer.from(data).toString("base64"));
    assert.ok(bytes.equal(bytes.fromBase64(bytes.toBase64(data)), data));
    assert.ok(bytes.equal(bytes.fromHex(bytes.toHex(data)), data));
  }
});

test("what is no hexadecimal or base64 is refused", () => {
  for (const text of ["0", "0g", "0x00", " 00"]) assert.throws(() => bytes.fromHex(text), TypeError);
  assert.throws(() => bytes.fromBase64("가나다"), { name: "InvalidCharacterError" });
});

test("equal means the same length and the same octets", () => {
  assert.ok(bytes.equal(Uint8Array.of(), Uint8Array.of()));
  assert.ok(!bytes.equal(Uint8Array.of(1, 2), Uint8Array.of(1, 2, 3)));
  assert.ok(!bytes.equal(Uint8Array.of(1, 2), Uint8Array.of(1, 3)));
});

test("wiping leaves zeros and passes over what is not there", () => {
  const secret = Uint8Array.of(1, 2, 3);
  bytes.wipe(secret, null);
  assert.deepEqual(secret, new Uint8Array(3));
});
