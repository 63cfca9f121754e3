import assert from "node:assert/strict";
import { test } from "node:test";
import * as der from "../../../src/dojang/service/signing/modules/der.js";
import { hex } from "./fixtures.js";

const MALFORMED = { name: "Refusal", code: "malformed" };

for (const [what, octets] of [
  ["nothing", ""],
  ["a tag without a length", "30"],
  ["a length that lies", "3004020101"],
  ["trailing octets", "0201010000"],
  ["a part longer than its whole", "3003020401"],
  ["a length of five octets", "0485000000000100"],
  ["a length cut off", "048201"],
  ["a tag of several octets", "1f810100"],
  ["a primitive of indefinite length", "048000"],
  ["an indefinite length without end mark", "30800201"],
  ["an end mark beyond the whole", "3004308002010100"],
]) {
  test(`${what} is malformed`, () => {
    assert.throws(() => der.parse(hex(octets)), MALFORMED);
  });
}

test("depth and number of elements are bounded", () => {
  const nested = (depth) => (depth ? der.sequence(nested(depth - 1)) : der.sequence());
  assert.equal(der.parse(nested(24)).tag, der.SEQUENCE);
  assert.throws(() => der.parse(nested(25)), MALFORMED);
  assert.throws(() => der.parse(hex("3080".repeat(30_000))), MALFORMED);
  const many = (count) =>
    der.encode(
      der.SEQUENCE,
      new Uint8Array(2 * count).map((_, at) => (at % 2 ? 0 : 5)),
    );
  assert.equal(der.parse(many(19_999)).parts.length, 19_999);
  assert.throws(() => der.parse(many(20_000)), MALFORMED);
});

test("integers are of any size and sign, and never empty", () => {
  for (const [octets, value] of [
    ["020100", 0n],
    ["02017f", 127n],
    ["020180", -128n],
    ["02020080", 128n],
    ["0209010000000000000000", 2n ** 64n],
  ]) {
    assert.equal(der.parse(hex(octets)).integer(), value);
  }
  assert.throws(() => der.parse(hex("0200")).integer(), MALFORMED);
});

test("object identifiers come back as they were written", () => {
  for (const dotted of [
    "1.2.410.200004.10.1.1.3",
    "2.5.4.3",
    "2.999.1",
    "0.9.2342.19200300.100.1.1",
    "1.3.14.3.2.26",
  ]) {
    assert.equal(der.parse(der.oid(dotted)).oid(), dotted);
  }
});

for (const octets of ["0600", "06028001", "060181", `0641${"01".repeat(65)}`]) {
  test(`the identifier ${octets.slice(0, 8)} is malformed`, () => {
    assert.throws(() => der.parse(hex(octets)).oid(), MALFORMED);
  });
}

test("an OCTET STRING sent in pieces and of indefinite length is put together", () => {
  const element = der.parse(hex("24800402010204030304050000"));
  assert.deepEqual(element.octets(), Uint8Array.of(1, 2, 3, 4, 5));
  assert.deepEqual(element.encoded, hex("24800402010204030304050000"));
});

test("bits are whole octets", () => {
  assert.deepEqual(der.parse(hex("03020041")).bits(), Uint8Array.of(0x41));
  for (const octets of ["03020141", "0300"]) assert.throws(() => der.parse(hex(octets)).bits(), MALFORMED);
});

test("fields that are missing, of another type or left over are malformed", () => {
  const fields = () => der.parse(hex("3003020105")).fields();
  assert.equal(fields().optional(der.SET), null);
  assert.equal(fields().optional(der.INTEGER)?.integer(), 5n);
  assert.throws(() => fields().end(), MALFORMED);
  assert.throws(() => fields().next().oid(), MALFORMED);
  assert.throws(() => {
    const walk = fields();
    walk.next();
    walk.next();
  }, MALFORMED);
});

test("lengths are written in the fewest octets", () => {
  for (const length of [0, 127, 128, 255, 256, 65_535, 65_536]) {
    const encoded = der.octetString(new Uint8Array(length));
    assert.deepEqual(der.parse(encoded).octets(), new Uint8Array(length));
    assert.equal(encoded.length - length, length < 128 ? 2 : length < 256 ? 3 : length < 65_536 ? 4 : 5);
  }
});

test("a frame is one SEQUENCE by its own length", () => {
  assert.ok(der.framesSequence(hex("3003020105")));
  assert.ok(der.framesSequence(hex("30800000")));
  for (const octets of ["", "30", "3004020105", "300302010500", "0403020105", "30800001"]) {
    assert.ok(!der.framesSequence(hex(octets)), octets);
  }
});
