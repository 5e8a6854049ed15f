import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  UserError
} from "./chunk-IYM25C4U.js";

// src/config/describe-value.ts
var LONGEST = 60;
function describeValue(value) {
  if (value === null || value === void 0) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a mapping";
  if (typeof value === "string") {
    return `'${value.length > LONGEST ? `${value.slice(0, LONGEST)}\u2026` : value}'`;
  }
  return String(value);
}

// src/config/quantity.ts
var KIB = 1024;
var LONGEST_MS = 24 * 36e5;
var FINEST_PRECISION = 1e-3;
var COARSEST_PRECISION = 0.1;
var SUREST = 0.9999;
var SUFFIXES = {
  bytes: {
    B: 1,
    kB: 1e3,
    MB: 1e6,
    GB: 1e9,
    KiB: KIB,
    MiB: KIB ** 2,
    GiB: KIB ** 3
  },
  ms: { ns: 1e-6, us: 1e-3, \u00B5s: 1e-3, \u03BCs: 1e-3, ms: 1, s: 1e3, min: 6e4, h: 36e5 },
  "per-second": { "/s": 1, "per second": 1 },
  fraction: { "%": 0.01 },
  dB: { dB: 1 },
  count: {},
  value: {}
};
var EXAMPLES = {
  bytes: "a size such as '25 MiB' or '10 kB', or a number of bytes",
  ms: "a time such as '8 ms' or '1.2 s', or a number of milliseconds",
  "per-second": "a rate such as '100 /s', or a number per second",
  fraction: "a fraction such as '75%' or 0.75",
  dB: "a level such as '20 dB', or a number of decibels",
  count: "a plain number",
  value: "a plain number"
};
var NUMBER = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)\s*(.*)$/i;
function split(text) {
  const match = NUMBER.exec(text.trim());
  if (!match) return void 0;
  const number = Number(match[1]);
  return Number.isFinite(number) ? { number, suffix: match[2].trim() } : void 0;
}
function factor(suffix, suffixes) {
  for (const [name, size] of Object.entries(suffixes)) {
    if (name.toLowerCase() === suffix.toLowerCase()) return size;
  }
  return void 0;
}
function scale(number, size) {
  if (size >= 1) return number * size;
  const [mantissa, exponent = "0"] = String(number).split("e");
  return Number(`${mantissa}e${Number(exponent) + Math.round(Math.log10(size))}`);
}
function hundredths(number) {
  return scale(number, 0.01);
}
function parseQuantity(value, unit, options = {}) {
  if (typeof value === "number" && Number.isFinite(value)) return value;
  const parts = typeof value === "string" ? split(value) : void 0;
  if (!parts) throw new UserError(`expected ${EXAMPLES[unit]}; found ${describeValue(value)}`);
  if (parts.suffix === "") return parts.number;
  const suffixes = options.percent ? SUFFIXES.fraction : SUFFIXES[unit];
  const size = factor(parts.suffix, suffixes);
  if (size === void 0) {
    throw new UserError(`expected ${EXAMPLES[unit]}; the unit '${parts.suffix}' does not fit`);
  }
  return scale(parts.number, size);
}
function parseDifference(value, unit, options = {}) {
  const points = unit === "fraction" || options.percent === true;
  const parts = typeof value === "string" ? split(value) : void 0;
  if (!points || !parts || parts.suffix === "") {
    const plain = parseQuantity(value, unit, options);
    if (unit === "fraction" && Math.abs(plain) >= 1) {
      throw new UserError(`${plain} is ${plain * 100} points; write '${plain}pp' for percentage points`);
    }
    return plain;
  }
  if (/^(pp|pts?|points?)$/i.test(parts.suffix)) return hundredths(parts.number);
  if (parts.suffix === "%") {
    throw new UserError(
      `'${String(value)}' could mean points or a share of the original; write '${parts.number}pp' for percentage points, or use min-ratio`
    );
  }
  throw new UserError(`expected percentage points such as '0.5pp'; the unit '${parts.suffix}' does not fit`);
}
function parseRatio(value) {
  const ratio = typeof value === "number" ? value : ratioText(value);
  if (ratio === void 0 || !Number.isFinite(ratio)) {
    throw new UserError(`expected a ratio such as 0.8 or '80%'; found ${describeValue(value)}`);
  }
  if (ratio <= 0) throw new UserError(`expected a ratio above 0; found ${describeValue(value)}`);
  return ratio;
}
function parseChange(value) {
  const parts = typeof value === "string" ? split(value) : void 0;
  const percent = parts?.suffix === "%";
  const number = typeof value === "number" ? value : parts?.number;
  if (number === void 0 || !Number.isFinite(number) || parts && !percent && parts.suffix !== "") {
    throw new UserError(`expected a change such as '5%' or 0.05; found ${describeValue(value)}`);
  }
  if (number < 0) throw new UserError(`expected a change of 0% or more; found ${describeValue(value)}`);
  if (!percent && number >= 1) {
    throw new UserError(
      `${number} means ${number * 100}%; write '${number}%', or '${number * 100}%' if that is meant`
    );
  }
  return percent ? hundredths(number) : number;
}
function parseDuration(value) {
  const parts = typeof value === "string" ? split(value) : void 0;
  const size = parts && factor(parts.suffix, SUFFIXES.ms);
  if (!parts || size === void 0) {
    const hint = typeof value === "number" ? `; write '${value}s' or '${value}ms'` : "";
    throw new UserError(
      `expected a time with its unit, such as '60s' or '2 min'; found ${describeValue(value)}${hint}`
    );
  }
  if (parts.number <= 0) throw new UserError(`expected a time above 0; found ${describeValue(value)}`);
  const duration = scale(parts.number, size);
  if (duration > LONGEST_MS) {
    throw new UserError(
      `expected a time of at most ${LONGEST_MS / SUFFIXES.ms.h} h; found ${describeValue(value)}`
    );
  }
  return duration;
}
function parsePrecision(value) {
  const precision = parseChange(value);
  if (precision < FINEST_PRECISION || precision > COARSEST_PRECISION) {
    const [finest, coarsest] = [FINEST_PRECISION, COARSEST_PRECISION].map((end) => `${end * 100}%`);
    throw new UserError(`expected a precision from ${finest} to ${coarsest}; found ${describeValue(value)}`);
  }
  return precision;
}
function parseConfidence(value) {
  const parts = typeof value === "string" ? split(value) : void 0;
  const number = typeof value === "number" ? value : parts?.suffix === "%" ? hundredths(parts.number) : parts?.number;
  if (number === void 0 || !(number > 0.5 && number <= SUREST)) {
    throw new UserError(
      `expected a confidence above 0.5, at most ${SUREST}, such as 0.95; found ${describeValue(value)}`
    );
  }
  return number;
}
function ratioText(value) {
  const parts = typeof value === "string" ? split(value) : void 0;
  if (!parts) return void 0;
  if (parts.suffix === "%") return hundredths(parts.number);
  return parts.suffix === "" || /^[x×]$/i.test(parts.suffix) ? parts.number : void 0;
}

export {
  describeValue,
  FINEST_PRECISION,
  parseQuantity,
  parseDifference,
  parseRatio,
  parseChange,
  parseDuration,
  parsePrecision,
  parseConfidence
};
