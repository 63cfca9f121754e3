/**
 * What the page makes of files, for Python to compare with what the library makes of them.
 *
 * In, as JSON: a list of {"kind", "data" (base64), "passphrase"}. Out: an answer or {"code"} for each.
 */

import { readFileSync } from "node:fs";
import { fromBase64, fromHex, toBase64, toHex } from "../../../src/dojang/service/signing/modules/bytes.js";
import * as certificates from "../../../src/dojang/service/signing/modules/certificate.js";
import { fromCp949, toCp949 } from "../../../src/dojang/service/signing/modules/cp949.js";
import { Refusal } from "../../../src/dojang/service/signing/modules/errors.js";
import { MESSAGES } from "../../../src/dojang/service/signing/modules/messages.js";
import { prove } from "../../../src/dojang/service/signing/modules/openedkey.js";
import * as pbe from "../../../src/dojang/service/signing/modules/pbe.js";
import * as pfx from "../../../src/dojang/service/signing/modules/pfx.js";
import { POLICIES } from "../../../src/dojang/service/signing/modules/policies.js";
import { openPrivateKey } from "../../../src/dojang/service/signing/modules/privatekey.js";

const JUDGES = {
  async key({ data, passphrase }) {
    return keyFacts(await openPrivateKey(fromBase64(data), passphrase));
  },
  async pfx({ data, passphrase }) {
    const { key, certificate, chain } = await pfx.openPfx(fromBase64(data), passphrase);
    return { ...keyFacts(key), certificate: toBase64(certificate.der), chain: chain.map(toBase64) };
  },
  certificate({ data, at }) {
    const { der, publicKeyInfo, notBefore, notAfter, policy, vid, ...facts } = certificates.readCertificate(
      fromBase64(data),
    );
    const whole = { der, publicKeyInfo, notBefore, notAfter, policy, vid, ...facts };
    return {
      ...facts,
      publicKeyInfo: toBase64(publicKeyInfo),
      notBefore: notBefore.toISOString(),
      notAfter: notAfter.toISOString(),
      policy: policy?.oid ?? null,
      vid: vid && toHex(vid.digest),
      whyNot: certificates
        .whyNot(whole, { at: new Date(at) })
        .map(({ code, ko, severity }) => ({ code, ko, severity })),
    };
  },
  async sealed({ certificate, key, passphrase, transmitter }) {
    const found = certificates.readCertificate(fromBase64(certificate));
    const opened = await prove(found, [], await openPrivateKey(fromBase64(key), passphrase));
    return toBase64(await opened.sealRandom(fromBase64(transmitter)));
  },
  cp949({ characters }) {
    return characters.map((character) => {
      const octets = toCp949(character);
      return octets && toHex(octets);
    });
  },
  from_cp949: ({ octets }) => octets.map((one) => fromCp949(fromHex(one))),
  limits: () => ({
    certificate: certificates.MAX_SIZE,
    key: pbe.MAX_SIZE,
    pfx: pfx.MAX_SIZE,
    iterations: pbe.MAX_ITERATIONS,
  }),
  messages: () => MESSAGES,
  policies: () => POLICIES,
};

function keyFacts({ publicKeyInfo, random }) {
  return { publicKey: toBase64(publicKeyInfo), random: random && toHex(random) };
}

const answers = [];
for (const asked of JSON.parse(readFileSync(0, "utf8"))) {
  try {
    answers.push(await JUDGES[asked.kind](asked));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    answers.push({ code: error.code });
  }
}
process.stdout.write(JSON.stringify(answers));
