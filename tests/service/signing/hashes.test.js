import assert from "node:assert/strict";
import { createHash, createHmac, pbkdf2Sync, randomBytes } from "node:crypto";
import { test } from "node:test";
import { pbkdf2 } from "../../../src/dojang/service/signing/modules/derive.js";
import { hmac } from "../../../src/dojang/service/signing/modules/hmac.js";
import { Pace } from "../../../src/dojang/service/signing/modules/pace.js";
import { SHA_1 } from "../../../src/dojang/service/signing/modules/sha1.js";
import { SHA_224, SHA_256, SHA_384, SHA_512 } from "../../../src/dojang/service/signing/modules/sha2.js";

const HASHES = [SHA_1, SHA_224, SHA_256, SHA_384, SHA_512];
const opensslName = (hash) => hash.name.replace("-", "").toLowerCase();

for (const hash of HASHES) {
  test(`${hash.name} equals OpenSSL's at every length around its blocks, and HMAC too`, () => {
    for (let length = 0; length <= 300; length += 1) {
      const data = new Uint8Array(randomBytes(length));
      const digest = createHash(opensslName(hash)).update(data).digest("hex");
      assert.equal(Buffer.from(hash.digest(data)).toString("hex"), digest);
      const mac = createHmac(opensslName(hash), data).update(data).digest("hex");
      assert.equal(Buffer.from(hmac(hash, data, data)).toString("hex"), mac);
    }
  });

  test(`PBKDF2 with ${hash.name} equals OpenSSL's, over one block of output and several`, async () => {
    const [passphrase, salt] = [new Uint8Array(randomBytes(12)), new Uint8Array(randomBytes(8))];
    for (const length of [16, 24, 32, 100]) {
      const expected = pbkdf2Sync(passphrase, salt, 77, length, opensslName(hash)).toString("hex");
      const derived = await pbkdf2(hash, passphrase, salt, 77, length, new Pace());
      assert.equal(Buffer.from(derived).toString("hex"), expected);
    }
  });
}

test("SHA-256 gives the vector of FIPS 180 and a megabyte's digest", () => {
  const abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  assert.equal(Buffer.from(SHA_256.digest(new TextEncoder().encode("abc"))).toString("hex"), abc);
  const long = new Uint8Array(1024 * 1024).fill(97);
  assert.equal(
    Buffer.from(SHA_256.digest(long)).toString("hex"),
    createHash("sha256").update(long).digest("hex"),
  );
});
