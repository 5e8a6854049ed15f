/** Figures within which no line ends: a number and its unit, `Top-1`. */

const BEFORE_UNIT = /(?<=[\d∞]) (?=(?:pp|ns|µs|ms|s|B|kB|MB|GB|TB|dB|×)(?![A-Za-z]))/g;
const HYPHENED = /\bTop-\d+\b/g;

/** `html`: text without attributes that hold figures. */
export function unbroken(html: string): string {
  return html.replace(BEFORE_UNIT, '\u00a0').replace(HYPHENED, '<span class="keep">$&</span>');
}
