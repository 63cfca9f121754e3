import assert from "node:assert/strict";
import { createCipheriv, randomBytes } from "node:crypto";
import { test } from "node:test";
import { aria } from "../../../src/dojang/service/signing/modules/aria.js";
import { decryptCbc } from "../../../src/dojang/service/signing/modules/cbc.js";
import * as ciphers from "../../../src/dojang/service/signing/modules/ciphers.js";
import { Pace } from "../../../src/dojang/service/signing/modules/pace.js";
import { rc2 } from "../../../src/dojang/service/signing/modules/rc2.js";
import { seed } from "../../../src/dojang/service/signing/modules/seed.js";
import { hex } from "./fixtures.js";

// RFC 4269 appendix B
const SEED_VECTORS = [
  ["00".repeat(16), "000102030405060708090a0b0c0d0e0f", "5ebac6e0054e166819aff1cc6d346cdb"],
  ["000102030405060708090a0b0c0d0e0f", "00".repeat(16), "c11f22f20140505084483597e4370f43"],
  [
    "4706480851e61be85d74bfb3fd956185",
    "83a2f8a288641fb9a4e9a5cc2f131c7d",
    "ee54d13ebcae706d226bc3142cd40d4a",
  ],
  [
    "28dbc3bc49ffd87dcfa509b11d422be7",
    "b41e6be2eba84a148e2eed84593c5ec7",
    "9b9b7bfcd1813cb95d0b3618f40f5122",
  ],
];

// RFC 5794 appendix A
const ARIA_PLAINTEXT = "00112233445566778899aabbccddeeff";
const ARIA_VECTORS = [
  [16, "d718fbd6ab644c739da95f3be6451778"],
  [24, "26449c1805dbe7aa25a468ce263a9e79"],
  [32, "f92bd7c79fb72e2f2b8f80c1972d24fc"],
];

// RFC 2268 5
const RC2_VECTORS = [
  ["0000000000000000", 63, "0000000000000000", "ebb773f993278eff"],
  ["ffffffffffffffff", 64, "ffffffffffffffff", "278b27e42e2f0d49"],
  ["3000000000000000", 64, "1000000000000001", "30649edf9be7d2c2"],
  ["88", 64, "0000000000000000", "61a8a244adacccf0"],
  ["88bca90e90875a", 64, "0000000000000000", "6ccf4308974c267f"],
  ["88bca90e90875a7f0f79c384627bafb2", 64, "0000000000000000", "1a807d272bbe5db1"],
  ["88bca90e90875a7f0f79c384627bafb2", 128, "0000000000000000", "2269552ab0f85ca6"],
  [
    "88bca90e90875a7f0f79c384627bafb216f80a6f85920584c42fceb0be255daf1e",
    129,
    "0000000000000000",
    "5b78d3a43dfff1f1",
  ],
];

const OPENSSL = [
  [ciphers.ARIA_128, "aria-128-cbc"],
  [ciphers.ARIA_192, "aria-192-cbc"],
  [ciphers.ARIA_256, "aria-256-cbc"],
  [ciphers.AES_128, "aes-128-cbc"],
  [ciphers.AES_192, "aes-192-cbc"],
  [ciphers.AES_256, "aes-256-cbc"],
  [ciphers.TRIPLE_DES, "des-ede3-cbc"],
  [ciphers.TRIPLE_DES_TWO_KEYS, "des-ede-cbc"],
];

test("SEED gives the vectors of RFC 4269", () => {
  for (const [key, plaintext, ciphertext] of SEED_VECTORS) {
    assert.deepEqual(seed(hex(key)).decryptBlock(hex(ciphertext)), hex(plaintext));
  }
});

test("ARIA gives the vectors of RFC 5794", () => {
  for (const [length, ciphertext] of ARIA_VECTORS) {
    const key = Uint8Array.from({ length }, (_, at) => at);
    assert.deepEqual(aria(key).decryptBlock(hex(ciphertext)), hex(ARIA_PLAINTEXT));
  }
});

test("RC2 gives the vectors of RFC 2268", () => {
  for (const [key, bits, plaintext, ciphertext] of RC2_VECTORS) {
    assert.deepEqual(rc2(hex(key), bits).decryptBlock(hex(ciphertext)), hex(plaintext));
  }
});

for (const [cipher, openssl] of OPENSSL) {
  test(`${openssl} opens what OpenSSL encrypted, at every length around a block`, async () => {
    for (const length of [0, 1, 7, 8, 9, 15, 16, 17, 1264, 5000]) {
      const [key, iv, plaintext] = [cipher.keyLength, cipher.blockLength, length].map(
        (octets) => new Uint8Array(randomBytes(octets)),
      );
      const encrypting = createCipheriv(openssl, key, iv);
      const ciphertext = Buffer.concat([encrypting.update(plaintext), encrypting.final()]);
      const opened = await decryptCbc(cipher.under(key), iv, new Uint8Array(ciphertext), new Pace());
      assert.deepEqual(opened, plaintext);
    }
  });
}

for (const last of [0x00, 0x02, 0x11, 0xff]) {
  test(`padding that ends in ${last} is bad`, async () => {
    const [key, iv] = [new Uint8Array(16), new Uint8Array(16)];
    const encrypting = createCipheriv("aes-128-cbc", key, iv).setAutoPadding(false);
    const block = new Uint8Array(16).fill(0x55, 0, 15).fill(last, 15);
    const ciphertext = new Uint8Array(Buffer.concat([encrypting.update(block), encrypting.final()]));
    assert.equal(await decryptCbc(ciphers.AES_128.under(key), iv, ciphertext, new Pace()), null);
  });
}
