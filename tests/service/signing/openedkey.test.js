import assert from "node:assert/strict";
import { constants, createPublicKey, generateKeyPairSync, privateDecrypt, verify } from "node:crypto";
import { test } from "node:test";
import { inspect } from "node:util";
import { readCertificate } from "../../../src/dojang/service/signing/modules/certificate.js";
import { prove } from "../../../src/dojang/service/signing/modules/openedkey.js";
import { openPrivateKey } from "../../../src/dojang/service/signing/modules/privatekey.js";
import { content, hex, MANIFEST, PASSPHRASE } from "./fixtures.js";

const COMPANY = MANIFEST.identities.biz_etax;
const DOCUMENT = new TextEncoder().encode("서명할 문서");
const transmitter = generateKeyPairSync("rsa", { modulusLength: 2048 });
const TRANSMITTER_KEY = new Uint8Array(transmitter.publicKey.export({ format: "der", type: "spki" }));

async function opened(identity = COMPANY) {
  const certificate = readCertificate(content(`${identity.dir}/signCert.der`));
  const key = await openPrivateKey(content(`${identity.dir}/signPri.key`), PASSPHRASE);
  return prove(certificate, [], key);
}

test("a signature verifies with the certificate's key, and only over the same octets", async () => {
  const key = await opened();
  const signature = await key.sign(DOCUMENT);
  const publicKey = createPublicKey({
    key: Buffer.from(key.certificate.publicKeyInfo),
    format: "der",
    type: "spki",
  });
  assert.ok(verify("sha256", DOCUMENT, publicKey, signature));
  assert.equal(await key.verify(signature, DOCUMENT), true);
  assert.equal(await key.verify(signature, DOCUMENT.slice(1)), false);
});

test("R is sealed so that only the transmitter opens it, for this certificate alone", async () => {
  const key = await opened();
  const sealed = await key.sealRandom(TRANSMITTER_KEY);
  const open = (label) =>
    privateDecrypt(
      {
        key: transmitter.privateKey,
        padding: constants.RSA_PKCS1_OAEP_PADDING,
        oaepHash: "sha256",
        oaepLabel: Buffer.from(label),
      },
      sealed,
    );
  assert.equal(open(`dojang-random:${key.certificate.fingerprint}`).toString("hex"), COMPANY.R);
  assert.throws(() => open(`dojang-random:${"0".repeat(64)}`));
  assert.notDeepEqual(await key.sealRandom(TRANSMITTER_KEY), sealed);
});

test("a key without R says so", async () => {
  const key = await opened(MANIFEST.identities.no_R);
  await assert.rejects(key.sealRandom(TRANSMITTER_KEY), { code: "no_random_number" });
  assert.equal(await key.matches(COMPANY.idn), null);
});

test("a closed key does nothing more", async () => {
  const key = await opened();
  key.close();
  key.close();
  await assert.rejects(key.sign(DOCUMENT), { code: "key_closed" });
  await assert.rejects(key.sealRandom(TRANSMITTER_KEY), { code: "key_closed" });
  assert.equal(key.hasRandom, false);
});

test("a key of another certificate is refused and its R wiped", async () => {
  const certificate = readCertificate(content(`${MANIFEST.identities.person_general.dir}/signCert.der`));
  const key = await openPrivateKey(content(`${COMPANY.dir}/signPri.key`), PASSPHRASE);
  await assert.rejects(prove(certificate, [], key), { code: "key_does_not_match_certificate" });
  assert.deepEqual(key.random, new Uint8Array(20));
});

test("nothing secret shows when the opened key is printed or made JSON", async () => {
  const key = await opened();
  const random = inspect(hex(COMPANY.R)).slice(20, 60);
  for (const text of [inspect(key, { depth: 9, showHidden: true }), JSON.stringify(key), String(key)]) {
    assert.ok(!text.includes(random) && !text.includes(COMPANY.R));
  }
});
