import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { test } from "node:test";
import { readCertificate, whyNot } from "../../../src/dojang/service/signing/modules/certificate.js";
import * as der from "../../../src/dojang/service/signing/modules/der.js";
import { refuse } from "../../../src/dojang/service/signing/modules/errors.js";
import { printable, readText } from "../../../src/dojang/service/signing/modules/names.js";
import { matchesVid } from "../../../src/dojang/service/signing/modules/vid.js";
import { content, hex, MANIFEST } from "./fixtures.js";

const AT = new Date("2026-11-22T03:00:00Z");
const read = (identity, file = "signCert.der") => readCertificate(content(`${identity.dir}/${file}`));
const codes = (certificate, options) => whyNot(certificate, { at: AT, ...options }).map(({ code }) => code);

for (const [name, identity] of Object.entries(MANIFEST.identities)) {
  test(`${name} reads as its manifest says`, async () => {
    const certificate = read(identity);
    const independent = new X509Certificate(certificate.der);
    assert.equal(certificate.commonName, identity.cn);
    assert.equal(certificate.owner, identity.realName);
    assert.equal(certificate.serialHex, identity.serial_hex);
    assert.deepEqual(certificate.policyOids, [identity.policy]);
    assert.deepEqual(certificate.vid?.digest, hex(identity.vid));
    assert.equal(certificate.fingerprint, independent.fingerprint256.replaceAll(":", "").toLowerCase());
    assert.equal(certificate.notBefore.getTime(), Date.parse(independent.validFrom));
    assert.equal(certificate.notAfter.getTime(), Date.parse(independent.validTo));
    assert.equal(certificate.rsaBits, independent.publicKey.asymmetricKeyDetails?.modulusLength);
    if (identity.R) {
      assert.equal(await matchesVid(certificate, identity.idn, hex(identity.R)), true);
      assert.equal(await matchesVid(certificate, identity.idn.replace(/(?=.$)/, "-"), hex(identity.R)), true);
      for (const other of ["9998600010", "", "000000000", "가나다라마바사아자차", "０００００００００0"]) {
        assert.equal(await matchesVid(certificate, other, hex(identity.R)), false);
      }
    }
  });
}

for (const [name, expected] of [
  ["biz_etax", []],
  ["biz_general_kica", []],
  ["person_general", ["not_for_tax_invoices"]],
  ["expired", ["expired", "not_for_tax_invoices"]],
  ["not_yet", ["not_yet_valid", "not_for_tax_invoices"]],
]) {
  test(`what speaks against ${name}: ${expected.join(", ") || "nothing"}`, () => {
    assert.deepEqual(codes(read(MANIFEST.identities[name])), expected);
  });
}

test("a certificate is valid at both ends of its validity, said in Korean time", () => {
  const company = read(MANIFEST.identities.biz_etax);
  for (const at of [company.notBefore, company.notAfter]) assert.deepEqual(codes(company, { at }), []);
  const [late] = whyNot(company, { at: new Date(company.notAfter.getTime() + 1000) });
  assert.match(late.ko, /2045-12-31 23:59까지/);
});

test("the certificate for encryption may not sign", () => {
  const km = read(MANIFEST.identities.biz_general_kica, "kmCert.der");
  assert.ok(codes(km).includes("wrong_key_usage"));
});

test("a policy that is not known is a warning, one of several accepted is enough", () => {
  const company = read(MANIFEST.identities.biz_etax);
  const unknown = whyNot({ ...company, policyOids: ["1.2.3"] }, { at: AT });
  assert.deepEqual(
    unknown.map(({ code, severity }) => [code, severity]),
    [["unknown_policy", "warning"]],
  );
  assert.deepEqual(codes({ ...company, policyOids: [] }), ["unknown_policy"]);
  assert.deepEqual(codes({ ...company, policyOids: ["1.2.3", ...company.policyOids] }), []);
});

test("weak keys, unknown demands and a certificate that can't be any business's are refused", () => {
  const company = read(MANIFEST.identities.biz_etax);
  assert.deepEqual(codes({ ...company, rsaBits: 1024 }), ["weak_signature"]);
  assert.deepEqual(codes({ ...company, criticalExtensions: ["1.2.3"] }), ["unknown_critical_extension"]);
  assert.deepEqual(codes({ ...company, vid: null }), []);
  assert.deepEqual(codes({ ...company, vid: null }, { businessNumber: "9998600010" }), [
    "not_this_business_number",
  ]);
});

test("a damaged certificate is malformed or reads as another, and never fails otherwise", () => {
  const whole = content(`${MANIFEST.identities.biz_etax.dir}/signCert.der`);
  const { fingerprint } = readCertificate(whole);
  for (let at = 0; at < whole.length; at += 1) {
    const damaged = whole.slice();
    damaged[at] ^= 0x21;
    try {
      assert.notEqual(readCertificate(damaged).fingerprint, fingerprint);
    } catch (error) {
      assert.equal(error.code, "malformed", `octet ${at}: ${error}`);
    }
    assert.throws(() => readCertificate(whole.subarray(0, at)), { code: "malformed" });
  }
  assert.throws(() => readCertificate(new Uint8Array(64 * 1024 + 1)), { code: "too_large" });
});

test("strings of every ASN.1 type are read, CP949 in the old ones too", () => {
  const text = (tag, octets) => readText(der.parse(der.encode(tag, hex(octets))));
  assert.equal(text(0x0c, "ed998d"), "홍");
  assert.equal(text(0x13, "c8ab"), "홍");
  assert.equal(text(0x14, "c8ab41"), "홍A");
  assert.equal(text(0x14, "e9"), "é");
  assert.equal(text(0x1e, "d64d"), "홍");
  assert.equal(text(0x1c, "0000d64d"), "홍");
  for (const [tag, octets] of [
    [0x0c, "ff"],
    [0x1e, "d6"],
    [0x1c, "00d64d"],
    [0x1c, "7fffffff"],
    [0x12, "ff"],
    [0x04, "41"],
  ]) {
    assert.throws(() => text(tag, octets), refuse("malformed"));
  }
});

test("what could disguise a name is replaced", () => {
  assert.equal(printable("가\u202e나\u0000다\u2028라\u200b마"), "가\ufffd나\ufffd다\ufffd라\ufffd마");
});
