/**
 * Where certificates usually lie, for people to paste into the folder window of their system: hidden folders are not
 * listed there. The folders are those of `dojang.npki.discover` (a test compares them).
 */

/** @typedef {"windows" | "mac" | "linux" | "mobile"} System */

/** @type {Readonly<Record<System, readonly string[]>>} */
export const PLACES = {
  windows: ["~/AppData/LocalLow/NPKI", "C:/Program Files/NPKI", "C:/Program Files (x86)/NPKI"],
  mac: ["~/Library/Preferences/NPKI", "~/Documents/NPKI", "~/NPKI"],
  linux: ["~/NPKI"],
  mobile: [],
};

/**
 * As one types it on that system.
 * @param {string} place @param {System} system
 */
export function typed(place, system) {
  return system === "windows" ? place.replace("~", "%USERPROFILE%").replaceAll("/", "\\") : place;
}

/**
 * The system that a browser says it runs on; only to open the right help first.
 * @param {string} userAgent
 * @returns {System}
 */
export function systemOf(userAgent) {
  if (/Android|iPhone|iPad/.test(userAgent)) return "mobile";
  if (userAgent.includes("Windows")) return "windows";
  return userAgent.includes("Mac OS X") ? "mac" : "linux";
}
