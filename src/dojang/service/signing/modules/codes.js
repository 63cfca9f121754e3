/**
 * The code lists of the standard with their labels, as `dojang.etax.codes` has them (a test compares the two).
 */

/** @typedef {{ko: string, en: string}} Label */
/** @typedef {Readonly<Record<string, Label>>} Labels */

/** 전자(세금)계산서 종류. @type {Labels} */
export const DOCUMENT_TYPES = {
  "0101": { ko: "세금계산서", en: "tax invoice" },
  "0102": { ko: "영세율세금계산서", en: "zero-rated tax invoice" },
  "0103": { ko: "위수탁세금계산서", en: "consigned tax invoice" },
  "0104": { ko: "수입세금계산서", en: "import tax invoice" },
  "0105": { ko: "영세율위수탁세금계산서", en: "zero-rated consigned tax invoice" },
  "0106": { ko: "수입납부유예세금계산서", en: "import tax invoice, payment deferred" },
  "0201": { ko: "수정세금계산서", en: "amended tax invoice" },
  "0202": { ko: "수정영세율세금계산서", en: "amended zero-rated tax invoice" },
  "0203": { ko: "수정위수탁세금계산서", en: "amended consigned tax invoice" },
  "0204": { ko: "수정수입세금계산서", en: "amended import tax invoice" },
  "0205": { ko: "수정영세율위수탁세금계산서", en: "amended zero-rated consigned tax invoice" },
  "0206": { ko: "수정수입납부유예세금계산서", en: "amended import tax invoice, payment deferred" },
  "0301": { ko: "계산서", en: "exempt invoice" },
  "0303": { ko: "위수탁계산서", en: "consigned exempt invoice" },
  "0304": { ko: "수입계산서", en: "import exempt invoice" },
  "0401": { ko: "수정계산서", en: "amended exempt invoice" },
  "0403": { ko: "수정위수탁계산서", en: "amended consigned exempt invoice" },
  "0404": { ko: "수정수입계산서", en: "amended import exempt invoice" },
};

/** 수정사유. @type {Labels} */
export const AMENDMENT_REASONS = {
  "01": { ko: "기재사항 착오정정 등", en: "mistake in an entry, wrong rate" },
  "02": { ko: "공급가액 변동", en: "change of the supply amount" },
  "03": { ko: "환입", en: "goods returned" },
  "04": { ko: "계약의 해제", en: "contract cancelled" },
  "05": { ko: "내국신용장 등 사후개설", en: "local letter of credit opened afterwards" },
  "06": { ko: "착오에 의한 이중발급 등", en: "issued twice by mistake, or not to be issued" },
};

/** 영수/청구. @type {Labels} */
export const PURPOSES = {
  "01": { ko: "영수", en: "receipt" },
  "02": { ko: "청구", en: "claim" },
};

/** 공급받는자 구분. @type {Labels} */
export const BUYER_KINDS = {
  "01": { ko: "사업자", en: "business" },
  "02": { ko: "개인", en: "individual" },
  "03": { ko: "외국인", en: "foreigner" },
};

/** 결제방법. @type {Labels} */
export const PAYMENT_MEANS = {
  10: { ko: "현금", en: "cash" },
  20: { ko: "수표", en: "check" },
  30: { ko: "어음", en: "promissory note" },
  40: { ko: "외상미수금", en: "on credit" },
};

/** Document types that a broker (수탁자) signs in the supplier's name. */
export const CONSIGNED = new Set(["03", "05"]);
