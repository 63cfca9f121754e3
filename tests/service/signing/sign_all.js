/**
 * Reads and signs each document of a JSON list from standard input as the page does, for Python to compare with.
 *
 * In: {"key": PKCS#8, "certificate": DER, "documents": [XML …]}, all base64.
 * Out: for each document {"signed", "octets"} (base64) and what was read from it, or {"refused": code}.
 */

import { readFileSync } from "node:fs";

import { fromBase64, toBase64 } from "../../../src/dojang/service/signing/modules/bytes.js";
import { octets, sign } from "../../../src/dojang/service/signing/modules/kecsign.js";
import { TAX_INVOICE } from "../../../src/dojang/service/signing/modules/kecshape.js";
import * as codes from "../../../src/dojang/service/signing/modules/codes.js";
import { readXml } from "../../../src/dojang/service/signing/modules/kecxml.js";
import { PLACES } from "../../../src/dojang/service/signing/modules/places.js";

const asked = JSON.parse(readFileSync(0, "utf8"));
const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
const key = await crypto.subtle.importKey("pkcs8", fromBase64(asked.key), algorithm, false, ["sign"]);
const signer = {
  certificate: { der: fromBase64(asked.certificate) },
  sign: async (bytes) => new Uint8Array(await crypto.subtle.sign(algorithm.name, key, bytes)),
};

async function one(xml) {
  try {
    const read = readXml(fromBase64(xml));
    return {
      signed: toBase64(await sign(read, signer)),
      octets: toBase64(octets(read)),
      document: read.document,
    };
  } catch (error) {
    if (error.code === undefined) throw error;
    return { refused: error.code, place: error.facts.place };
  }
}

const documents = await Promise.all(asked.documents.map(one));
const tables = { shape: TAX_INVOICE, codes: { ...codes, CONSIGNED: [...codes.CONSIGNED] }, places: PLACES };
const plain = (_, value) => (typeof value === "bigint" ? String(value) : value);
process.stdout.write(JSON.stringify({ documents, tables }, plain));
