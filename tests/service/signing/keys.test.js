import assert from "node:assert/strict";
import { createPrivateKey, createPublicKey, generateKeyPairSync } from "node:crypto";
import { test } from "node:test";
import { toBase64 } from "../../../src/dojang/service/signing/modules/bytes.js";
import { readCertificate } from "../../../src/dojang/service/signing/modules/certificate.js";
import * as der from "../../../src/dojang/service/signing/modules/der.js";
import { MAC, pkcs12 } from "../../../src/dojang/service/signing/modules/derive.js";
import { hmac } from "../../../src/dojang/service/signing/modules/hmac.js";
import { prove } from "../../../src/dojang/service/signing/modules/openedkey.js";
import { Pace } from "../../../src/dojang/service/signing/modules/pace.js";
import { pkcs12Forms } from "../../../src/dojang/service/signing/modules/passphrase.js";
import { openPfx } from "../../../src/dojang/service/signing/modules/pfx.js";
import {
  fromPrivateKeyInfo,
  openPrivateKey,
} from "../../../src/dojang/service/signing/modules/privatekey.js";
import { SHA_1 } from "../../../src/dojang/service/signing/modules/sha1.js";
import { content, hex, MANIFEST, PASSPHRASE, PERSON } from "./fixtures.js";

const DATA = "1.2.840.113549.1.7.1";
const CERTIFICATE = readCertificate(content("keys/signCert.der"));
const PLAIN = content("keys/plain_with_R.pkcs8.der");
const COMMON = content("keys/pbes1-seedCBCWithSHA1-2048.key");
const PUBLIC_KEY = new Uint8Array(
  createPublicKey(createPrivateKey({ key: Buffer.from(PLAIN), format: "der", type: "pkcs8" })).export({
    format: "der",
    type: "spki",
  }),
);

for (const [name, { file, password = PASSPHRASE }] of Object.entries(MANIFEST.key_schemes)) {
  test(`${name} opens to its key and its R, and never gives the key back`, async () => {
    const key = await openPrivateKey(content(file), password);
    assert.deepEqual(key.publicKeyInfo, PUBLIC_KEY);
    assert.deepEqual(key.random, hex(PERSON.R));
    assert.equal(key.signing.extractable, false);
    await assert.rejects(crypto.subtle.exportKey("pkcs8", key.signing), { name: "InvalidAccessError" });
    const opened = await prove(CERTIFICATE, [], key);
    assert.equal(await opened.matches(PERSON.idn), true);
  });
}

for (const [name, file] of Object.entries(MANIFEST.pfx)) {
  test(`${name} opens to its key, certificate and chain`, async () => {
    const { key, certificate, chain } = await openPfx(content(file), PASSPHRASE);
    assert.deepEqual(key.publicKeyInfo, PUBLIC_KEY);
    assert.deepEqual(key.random, name === "modern-noR" ? null : hex(PERSON.R));
    assert.deepEqual(certificate.der, CERTIFICATE.der);
    assert.ok(chain.length >= 1);
    for (const issuer of chain) assert.ok(readCertificate(issuer).isCa);
  });
}

for (const [name, verdict] of Object.entries(MANIFEST.negative)) {
  test(`${name} is refused as its manifest says`, async () => {
    const opening = async () =>
      prove(CERTIFICATE, [], await openPrivateKey(content(`negative/${name}`), PASSPHRASE));
    await assert.rejects(opening, { name: "Refusal", code: verdict.split(" ")[0] });
  });
}

test("every folder's key belongs to its certificate, and has the R its manifest says", async () => {
  for (const { dir, R, idn } of Object.values(MANIFEST.identities)) {
    const certificate = readCertificate(content(`${dir}/signCert.der`));
    const key = await openPrivateKey(content(`${dir}/signPri.key`), PASSPHRASE);
    assert.deepEqual(key.random, R && hex(R));
    const opened = await prove(certificate, [], key);
    assert.equal(opened.hasRandom, R !== null);
    assert.equal(await opened.matches(idn), R === null ? null : true);
    assert.equal(await opened.matches("9998600010"), R === null ? null : false);
  }
});

test("PEM and base64 open as DER does", async () => {
  const base64 = toBase64(COMMON).replace(/.{64}/g, "$&\r\n");
  const pem = `\ufeff-----BEGIN ENCRYPTED PRIVATE KEY-----\n${base64}\n-----END ENCRYPTED PRIVATE KEY-----\n`;
  for (const text of [base64, pem]) {
    const key = await openPrivateKey(new TextEncoder().encode(text), PASSPHRASE);
    assert.deepEqual(key.publicKeyInfo, PUBLIC_KEY);
  }
});

for (const passphrase of [
  "",
  "npki-test!2026",
  "Npki-Test!2026 ",
  "비밀번호",
  "\ud800",
  "x".repeat(100_000),
]) {
  test(`the passphrase ${JSON.stringify(passphrase.slice(0, 20))} opens neither key nor PFX`, async () => {
    const refused = { code: "wrong_passphrase_or_damaged" };
    await assert.rejects(openPrivateKey(COMMON, passphrase), refused);
    await assert.rejects(openPfx(content(MANIFEST.pfx["3des-sha1mac-R-in-pkcs8"]), passphrase), refused);
  });
}

test("Hangul in decomposed form opens what was composed", async () => {
  const passphrase = MANIFEST.key_schemes["pbes1-pw-korean-utf8"].password.normalize("NFD");
  for (const name of ["utf8", "cp949"]) {
    const key = await openPrivateKey(content(`keys/pbes1-pw-korean-${name}.key`), passphrase);
    assert.deepEqual(key.publicKeyInfo, PUBLIC_KEY);
  }
});

test("files longer than any of their kind are not looked into", async () => {
  await assert.rejects(openPrivateKey(new Uint8Array(64 * 1024 + 1), PASSPHRASE), { code: "too_large" });
  await assert.rejects(openPfx(new Uint8Array(1024 * 1024 + 1), PASSPHRASE), { code: "too_large" });
});

/** A PFX with nothing but these ContentInfos under a right MAC. */
async function pfxOf(...contentInfos) {
  const salt = hex("0102030405060708");
  const safe = der.sequence(...contentInfos);
  const macKey = await pkcs12(SHA_1, pkcs12Forms(PASSPHRASE)[0], salt, 1, MAC, SHA_1.length, new Pace());
  const mac = der.octetString(hmac(SHA_1, macKey, safe));
  const digest = der.sequence(der.sequence(der.oid("1.3.14.3.2.26")), mac);
  return der.sequence(
    hex("020103"),
    contentInfo(DATA, der.octetString(safe)),
    der.sequence(digest, der.octetString(salt)),
  );
}

function contentInfo(kind, value) {
  return der.sequence(der.oid(kind), der.encode(der.context(0), value));
}

test("a PFX with certificates only is said to have no key", async () => {
  await assert.rejects(openPfx(await pfxOf(), PASSPHRASE), { code: "no_private_key" });
});

test("a PFX that asks for too much work in sum is refused before it is done", async () => {
  const parameters = der.sequence(der.octetString(hex("0102030405060708")), hex("02031e8480")); // 2,000,000
  const algorithm = der.sequence(der.oid("1.2.840.113549.1.12.1.3"), parameters);
  const encrypted = der.sequence(der.oid(DATA), algorithm, der.encode(0x80, new Uint8Array(8)));
  const file = await pfxOf(contentInfo("1.2.840.113549.1.7.6", der.sequence(hex("020100"), encrypted)));
  const began = performance.now();
  await assert.rejects(openPfx(file, PASSPHRASE), { code: "iterations_refused" });
  assert.ok(performance.now() - began < 500);
});

test("a key that is not RSA, not sound, too short or too long is refused", async () => {
  const elliptic = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
  const octets = new Uint8Array(elliptic.export({ format: "der", type: "pkcs8" }));
  await assert.rejects(fromPrivateKeyInfo(octets), { code: "unsupported_scheme" });
  const rsa = der.parse(PLAIN).fields();
  const [version, algorithm, key] = [rsa.next(), rsa.next(), rsa.next()];
  const rebuilt = (octets) => der.sequence(version.encoded, algorithm.encoded, der.octetString(octets));
  assert.ok((await fromPrivateKeyInfo(rebuilt(key.octets()))).random === null);
  const numbers = der.parse(key.octets()).parts.map((part) => part.encoded);
  for (const [at, octets] of [
    [0, "020101"], // several primes
    [1, "020111"], // a modulus of five bits
    [1, `0282020100${"ff".repeat(512)}`], // one that is not the primes' product
    [1, `0282020200${"ff".repeat(513)}`], // one of 4,104 bits
    [3, "020100"], // an exponent of nothing
    [4, "0201ff"], // a negative prime
  ]) {
    const changed = der.sequence(...numbers.with(at, hex(octets)));
    await assert.rejects(fromPrivateKeyInfo(rebuilt(changed)), { code: "damaged" }, octets.slice(0, 8));
  }
  await assert.rejects(fromPrivateKeyInfo(PLAIN.slice(0, -1)), { code: "damaged" });
});

test("work is cancelled in the middle, with the page alive meanwhile", async () => {
  const limit = COMMON.slice();
  const iterations = Buffer.from(limit).indexOf(Buffer.from("02020800", "hex"));
  // 2,000,000 iterations in the place of 2,048: one octet longer, so the lengths around it grow by one too.
  const slow = new Uint8Array([
    ...limit.slice(0, iterations),
    ...hex("02031e8480"),
    ...limit.slice(iterations + 4),
  ]);
  for (const at of [3, 5, 17]) slow[at] += 1;
  const controller = new AbortController();
  let beats = 0;
  const heart = setInterval(() => {
    beats += 1;
    if (beats === 5) controller.abort();
  }, 1);
  try {
    await assert.rejects(openPrivateKey(slow, PASSPHRASE, { signal: controller.signal }), {
      name: "AbortError",
    });
  } finally {
    clearInterval(heart);
  }
  assert.equal(beats, 5);
});

test("what was cancelled before it began is not begun", async () => {
  await assert.rejects(openPrivateKey(COMMON, PASSPHRASE, { signal: AbortSignal.abort() }), {
    name: "AbortError",
  });
});
