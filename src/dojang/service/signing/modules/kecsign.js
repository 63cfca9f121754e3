/**
 * The XML signature of the standard, made in the page from the bytes that the page has shown.
 *
 * The XPath of the profile filters the root *element* out and leaves its namespace nodes in. Every signature accepted
 * by 국세청 writes them once, in front, and never repeats them (as Apache Santuario and the JDK do): the octets are the
 * root's declarations, then everything between the root's tags, without ExchangedDocument and the signature itself.
 *
 * Source: KEC 표준전자세금계산서 v3.0, 전자서명; W3C XML-Signature; `dojang.etax.xmldsig` does the same.
 */

import { toBase64, utf8 } from "./bytes.js";
import { NAMESPACES, readXml } from "./kecxml.js";

/** @typedef {import("./kecxml.js").ReadXml} ReadXml */
/** @typedef {import("./bytes.js").Bytes} Bytes */
/**
 * What signs: an `OpenedKey`. Its `sign` verifies each signature with the certificate before it gives it out.
 * @typedef {{certificate: {der: Bytes}, sign: (data: Bytes) => Promise<Bytes>}} Signer
 */

const DS = "http://www.w3.org/2000/09/xmldsig#";
const C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";
const XPATH = "http://www.w3.org/TR/1999/REC-xpath-19991116";
const RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
const SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256";
const COVERED =
  "not(self::*[name() = 'TaxInvoice'] | ancestor-or-self::*[name() = 'ExchangedDocument']" +
  " | ancestor-or-self::ds:Signature)";

const DS_DECLARATION = ` xmlns:ds="${DS}"`;
// Inside ds:Signature: the root's declarations and ds, in the order of their prefixes.
const IN_SCOPE = [NAMESPACES[0], DS_DECLARATION, NAMESPACES[1]].join("");

/**
 * What the signature digests.
 * @param {ReadXml} read
 * @returns {Bytes}
 */
export function octets(read) {
  const before = read.text.slice(read.contentStart, read.exchangedStart);
  return utf8(NAMESPACES.join("") + before + read.text.slice(read.exchangedEnd, read.contentEnd));
}

/**
 * The SignedInfo over these octets, as it stands in the document.
 * @param {Bytes} covered
 * @returns {Promise<string>}
 */
export async function signedInfo(covered) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", covered));
  return (
    `<ds:SignedInfo><ds:CanonicalizationMethod Algorithm="${C14N}"></ds:CanonicalizationMethod>` +
    `<ds:SignatureMethod Algorithm="${RSA_SHA256}"></ds:SignatureMethod>` +
    `<ds:Reference URI=""><ds:Transforms><ds:Transform Algorithm="${C14N}"></ds:Transform>` +
    `<ds:Transform Algorithm="${XPATH}"><ds:XPath>${COVERED}</ds:XPath></ds:Transform></ds:Transforms>` +
    `<ds:DigestMethod Algorithm="${SHA256}"></ds:DigestMethod><ds:DigestValue>${toBase64(digest)}</ds:DigestValue>` +
    "</ds:Reference></ds:SignedInfo>"
  );
}

/**
 * Sign one document.
 * @param {Bytes | ReadXml} xml the unsigned document, or what `readXml` made of it
 * @param {Signer} key
 * @returns {Promise<Bytes>} the signed document: the same bytes with `ds:Signature` behind ExchangedDocument
 * @throws {import("./errors.js").Refusal} `document_refused`, or what `key.sign` refuses
 */
export async function sign(xml, key) {
  const read = xml instanceof Uint8Array ? readXml(xml) : xml;
  const info = await signedInfo(octets(read));
  const canonicalInfo = utf8(info.replace("<ds:SignedInfo>", `<ds:SignedInfo${IN_SCOPE}>`));
  const value = await key.sign(canonicalInfo);
  const signature =
    `<ds:Signature${DS_DECLARATION}>${info}<ds:SignatureValue>${toBase64(value)}</ds:SignatureValue>` +
    `<ds:KeyInfo><ds:X509Data><ds:X509Certificate>${toBase64(key.certificate.der)}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>` +
    "</ds:Signature>";
  return utf8(read.text.slice(0, read.exchangedEnd) + signature + read.text.slice(read.exchangedEnd));
}
