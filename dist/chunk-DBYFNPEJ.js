import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);

// src/report/format.ts
var DIGITS = 3;
var MAX_DIGITS = 8;
var MINUS = "\u2212";
var BYTE_UNITS = ["B", "kB", "MB", "GB", "TB"];
var TIME_UNITS = ["ns", "\xB5s", "ms", "s"];
function formatNumber(value, digits = DIGITS) {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value > 0 ? "\u221E" : `${MINUS}\u221E`;
  if (value === 0) return "0";
  const size = Math.abs(Number(value.toPrecision(digits)));
  const sign = value < 0 ? MINUS : "";
  if (size >= 1e9 || size < 1e-4) {
    return sign + size.toExponential(digits - 1).replace("e-", `e${MINUS}`).replace("e+", "e");
  }
  const decimals = Math.max(0, digits - 1 - Math.floor(Math.log10(size)));
  const [whole, fraction] = size.toFixed(decimals).split(".");
  const grouped2 = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return sign + (fraction === void 0 ? grouped2 : `${grouped2}.${fraction}`);
}
function scaled(value, units, first, digits) {
  let index = first;
  let size = value;
  while (Math.abs(Number(size.toPrecision(digits))) >= 1e3 && index < units.length - 1) {
    size /= 1e3;
    index++;
  }
  while (size !== 0 && Math.abs(Number(size.toPrecision(digits))) < 1 && index > 0) {
    size *= 1e3;
    index--;
  }
  const whole = units[index] === "B" && Number.isInteger(size);
  return `${whole ? formatNumber(size, Math.max(digits, 15)).replace(/\.0+$/, "") : formatNumber(size, digits)} ${units[index]}`;
}
function formatValue(value, unit, digits = DIGITS) {
  switch (unit) {
    case "bytes":
      return scaled(value, BYTE_UNITS, 0, digits);
    case "ms":
      return scaled(value, TIME_UNITS, 2, digits);
    case "fraction":
      return `${fixed(value * 100, digits - 2)}%`;
    case "dB":
      return `${fixed(value, digits - 2)} dB`;
    case "per-second":
      return `${formatNumber(value, digits)} /s`;
    case "count":
      return Number.isInteger(value) ? grouped(value) : formatNumber(value, digits);
    case "value":
      return formatNumber(value, digits);
  }
}
function grouped(value) {
  if (Math.abs(value) >= 1e15) return formatNumber(value);
  return (value < 0 ? MINUS : "") + String(Math.abs(value)).replace(/\B(?=(\d{3})+$)/g, ",");
}
function fixed(value, decimals) {
  if (!Number.isFinite(value) || Math.abs(value) >= 1e9) return formatNumber(value);
  const text = Math.abs(value).toFixed(Math.max(0, decimals));
  return value < 0 && Number(text) !== 0 ? MINUS + text : text;
}
function formatRatio(ratio, digits = DIGITS) {
  if (ratio > 0 && ratio < 0.095) return `${formatNumber(ratio, Math.max(2, digits - 1))}\xD7`;
  return `${ratio < 10 ? fixed(ratio, digits - 1) : formatNumber(ratio, digits)}\xD7`;
}
function formatNearOne(value) {
  const short = 1 - value;
  if (short === 0 || Math.abs(short) >= 1) return formatNumber(value);
  return fixed(value, Math.min(MAX_DIGITS, Math.max(2, 1 - Math.floor(Math.log10(Math.abs(short))))));
}
function formatChange(change, unit, digits = DIGITS) {
  const size = Math.abs(change);
  const text = unit === "fraction" ? formatPoints(size, digits) : formatValue(size, unit, digits);
  const readsZero = !/[1-9∞]/.test(text);
  return (readsZero ? "\xB1" : change > 0 ? "+" : MINUS) + text;
}
function formatPoints(size, digits = DIGITS) {
  const points = Math.abs(size) * 100;
  const text = fixed(points, points < 1 ? digits - 1 : digits - 2);
  if (points !== 0 && Number(text) === 0) return `${formatNumber(points, 1)} pp`;
  return `${text.replace(/(\.\d+?)0+$/, "$1")} pp`;
}
function formatWorse(ratio, digits = DIGITS) {
  const percent = Math.abs(ratio - 1) * 100;
  const text = `${fixed(percent, digits - 2)}%`;
  return Number.parseFloat(text) === 0 ? "the same" : `${text} ${ratio > 1 ? "worse" : "better"}`;
}
function digitsApart(first, second, format) {
  for (let digits = DIGITS; digits <= MAX_DIGITS; digits++) {
    if (format(first, digits) !== format(second, digits)) return digits;
  }
  return DIGITS;
}
function formatApart(first, second, format) {
  const digits = digitsApart(first, second, format);
  return [format(first, digits), format(second, digits)];
}
function formatConfidence(confidence) {
  return `${Number((confidence * 100).toFixed(4))}%`;
}
function formatInterval(interval, format) {
  if (interval === null || interval.lo === null && interval.hi === null) return null;
  const name = `${formatConfidence(interval.confidence)} CI`;
  if (interval.lo === null) return `${name} at most ${format(interval.hi)}`;
  if (interval.hi === null) return `${name} at least ${format(interval.lo)}`;
  return `${name} ${format(interval.lo)} to ${format(interval.hi)}`;
}
function formatTime(iso) {
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? "unknown time" : `${date.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
function countOf(count, one, many = `${one}s`) {
  return `${formatValue(count, "count")} ${count === 1 ? one : many}`;
}
function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export {
  formatValue,
  formatRatio,
  formatNearOne,
  formatChange,
  formatPoints,
  formatWorse,
  digitsApart,
  formatApart,
  formatConfidence,
  formatInterval,
  formatTime,
  countOf,
  capital
};
