import assert from "node:assert/strict";
import { test } from "node:test";
import { findKeys } from "../../../src/dojang/service/signing/modules/found.js";
import { content, file, MANIFEST, PASSPHRASE, PERSON, picked } from "./fixtures.js";

const WHEN = { at: new Date("2026-11-22T03:00:00Z") };
const COMPANY = MANIFEST.identities.biz_etax;
const certificate = content(`${COMPANY.dir}/signCert.der`);
const key = content(`${COMPANY.dir}/signPri.key`);
const pfx = content(MANIFEST.pfx["3des-sha1mac-R-in-pkcs8"]);
const problems = ({ problems }) => problems.map(({ code }) => code);

test("a whole NPKI folder shows every certificate once, encryption pairs and authorities left out", async () => {
  const found = await findKeys(picked("NPKI"), WHEN);
  const serials = found.map((one) => one.certificate?.serialHex).sort();
  assert.deepEqual(
    serials,
    Object.values(MANIFEST.identities)
      .map(({ serial_hex }) => serial_hex)
      .sort(),
  );
  assert.ok(found.every(({ kind, files }) => kind === "npki" && files.length === 2));
  const company = found.find((one) => one.certificate?.serialHex === COMPANY.serial_hex);
  assert.deepEqual(company && problems(company), []);
  const opened = await company?.open(PASSPHRASE);
  assert.equal(await opened?.matches(COMPANY.idn), true);
});

test("decomposed folder names of macOS are shown composed", async () => {
  const [found, ...others] = await findKeys(picked("NPKI_macos_NFD"), WHEN);
  assert.deepEqual(others, []);
  assert.equal(found.label, PERSON.dir.split("/").at(-1));
  assert.equal(found.label, found.label.normalize("NFC"));
});

test("files picked one by one are found without a folder, in any case of their names", async () => {
  const [found] = await findKeys([file("SIGNCERT.DER", certificate), file("SignPri.KEY", key)], WHEN);
  assert.equal(found.certificate?.serialHex, COMPANY.serial_hex);
  assert.ok(await found.open(PASSPHRASE));
});

test("a pair under other names is found by what is in the files", async () => {
  const pem = `-----BEGIN CERTIFICATE-----\n${Buffer.from(certificate).toString("base64")}\n-----END CERTIFICATE-----`;
  const [found, ...others] = await findKeys(
    [
      file("a/회사.cer", new TextEncoder().encode(pem)),
      file("a/회사.key", key),
      file("a/ca.crt", content("ca/root.der")),
    ],
    WHEN,
  );
  assert.deepEqual(others, []);
  assert.ok(await found.open(PASSPHRASE));
});

test("two keys under other names belong to nobody", async () => {
  const files = [file("a.cer", certificate), file("a.key", key), file("b.key", key)];
  assert.deepEqual(await findKeys(files, WHEN), []);
});

test("a PFX is found by its name and known once it is opened", async () => {
  const [found] = await findKeys([file("내 인증서.PFX", pfx), file("사진.jpg", new Uint8Array(9))], WHEN);
  assert.deepEqual([found.kind, found.label, found.certificate], ["pfx", "내 인증서.PFX", null]);
  const opened = await found.open(PASSPHRASE);
  assert.equal(opened.certificate.serialHex, PERSON.serial_hex);
  assert.equal(opened.chain.length, 2);
  await assert.rejects(found.open("wrong"), { code: "wrong_passphrase_or_damaged" });
});

test("a PFX that is named by its whole subject is shown by its owner", async () => {
  const subject = "cn=(주)도장상사()0099204120231122188000001,ou=TESTBANK,ou=xUse4Esero,o=TESTCA,c=kr.pfx";
  const [found] = await findKeys([file(subject, pfx)], WHEN);
  assert.equal(found.label, "(주)도장상사");
});

test("half a pair says what is missing", async () => {
  for (const one of [file("x/signCert.der", certificate), file("x/signPri.key", key)]) {
    const [found] = await findKeys([one], WHEN);
    assert.deepEqual(problems(found), ["not_a_certificate_folder"]);
    assert.match(found.problems[0].ko, /‘x’/);
    await assert.rejects(found.open(PASSPHRASE), { code: "not_a_certificate_folder" });
  }
});

test("files too large, broken or gone say so and are not read further", async () => {
  const huge = { ...file("x/signCert.der", certificate), size: 64 * 1024 + 1, bytes: () => assert.fail() };
  const gone = { ...file("x/signCert.der", certificate), bytes: () => Promise.reject(new Error("gone")) };
  const broken = file("x/signCert.der", certificate.slice(1));
  for (const [one, code] of [
    [huge, "too_large"],
    [gone, "file_unreadable"],
    [broken, "malformed"],
  ]) {
    const [found] = await findKeys([one, file("x/signPri.key", key)], WHEN);
    assert.deepEqual(problems(found), [code]);
    await assert.rejects(found.open(PASSPHRASE), { code });
  }
  const [large] = await findKeys(
    [{ ...file("a.pfx", pfx), size: 1024 * 1024 + 1, bytes: () => assert.fail() }],
    WHEN,
  );
  assert.deepEqual(problems(large), ["too_large"]);
  await assert.rejects(large.open(PASSPHRASE), { code: "too_large" });
});

test("a wrongly chosen folder with thousands of files is passed over unread", async () => {
  const read = () => assert.fail("read");
  const many = Array.from({ length: 60_000 }, (_, at) => ({
    name: `${at}.pem`,
    path: `d/${at}.pem`,
    size: 9,
    bytes: read,
  }));
  assert.deepEqual(await findKeys(many, WHEN), []);
});

test("nothing gives nothing", async () => {
  assert.deepEqual(await findKeys([], WHEN), []);
});
