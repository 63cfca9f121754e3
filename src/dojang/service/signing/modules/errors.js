/**
 * The one kind of refusal of the signing page: a stable code and a sentence in Korean and English.
 *
 * The sentences stand in messages.js. Facts are shown to people: never a key, a passphrase, R or a resident number.
 */

import { MESSAGES } from "./messages.js";

/** @typedef {keyof typeof MESSAGES} Code */
/** @typedef {{ko: string, en: string}} Sentences */
/** @typedef {Record<string, string | number | Sentences>} Facts  a fact may differ by language */
/** @typedef {"error" | "warning"} Severity */

/** What is wrong and what to do, for a person. `severity` says whether one may go on all the same. */
export class Refusal extends Error {
  /**
   * @param {string} code
   * @param {Sentences} sentences
   * @param {Facts} [facts]
   * @param {Severity} [severity]
   */
  constructor(code, sentences, facts = {}, severity = "error") {
    super(sentences.en);
    this.name = "Refusal";
    this.code = code;
    this.ko = sentences.ko;
    this.en = sentences.en;
    this.facts = facts;
    this.severity = severity;
  }
}

/**
 * The refusal with this code, to throw or to list.
 *
 * @param {Code} code
 * @param {Facts} [facts]  what `{name}` in the sentences stands for
 */
export function refuse(code, facts = {}) {
  /** @type {{ko: string, en: string, severity?: Severity}} */
  const message = MESSAGES[code];
  const sentences = { ko: filled(message.ko, "ko", facts), en: filled(message.en, "en", facts) };
  return new Refusal(code, sentences, facts, message.severity);
}

/**
 * @param {string} sentence
 * @param {"ko" | "en"} language
 * @param {Facts} facts
 */
function filled(sentence, language, facts) {
  return sentence.replace(/\{(\w+)(?::,)?\}/g, (_, name) => {
    const fact = facts[name];
    if (typeof fact === "number") return fact.toLocaleString("en");
    return typeof fact === "object" ? fact[language] : String(fact);
  });
}
