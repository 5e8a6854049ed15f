import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  findBase,
  measuredCommit,
  readContext,
  sourceRevision
} from "./chunk-IOT3I7UP.js";
import {
  run
} from "./chunk-UPMTCR7F.js";
import {
  OVERALL_WORDS,
  UNCHANGED_WORDS,
  VERDICT_WORDS,
  WORST_FIRST,
  checkWords,
  establishedLines,
  figureOf,
  headline,
  moreLine,
  orderedNotes,
  placeNamer,
  plainText,
  reportRows,
  revisionText,
  revisionsOf,
  shortId,
  variantChecks
} from "./chunk-LQIED5SV.js";
import "./chunk-PKDQGG7B.js";
import "./chunk-INTCTOW5.js";
import "./chunk-FOAUJANN.js";
import "./chunk-XST7Z64R.js";
import "./chunk-DVNG3BAF.js";
import "./chunk-Y37HKM2I.js";
import "./chunk-HMNURZ3L.js";
import "./chunk-YFYDZQFU.js";
import "./chunk-KL4S4GDE.js";
import "./chunk-FNOIDRZZ.js";
import "./chunk-X7SHKWLT.js";
import "./chunk-Z7C2XHPS.js";
import {
  loadConfig
} from "./chunk-HG7K7Y73.js";
import "./chunk-TJ7D4N7I.js";
import "./chunk-6BIEYPGO.js";
import "./chunk-OU7AXWVO.js";
import "./chunk-IRS7RKVC.js";
import "./chunk-AQF5U6DS.js";
import "./chunk-BVHWY5TI.js";
import "./chunk-5A25ZMJN.js";
import "./chunk-NAGRX56O.js";
import "./chunk-MXXY4EXN.js";
import {
  countOf,
  formatValue
} from "./chunk-DBYFNPEJ.js";
import "./chunk-QBQKLG2U.js";
import "./chunk-MK6PZPSP.js";
import "./chunk-LB3U3NNG.js";
import "./chunk-2BQ5FZ24.js";
import "./chunk-IZBBBSAD.js";
import "./chunk-VAR2GFSU.js";
import "./chunk-LSKD7L3D.js";
import "./chunk-AFAWG3BD.js";
import "./chunk-VPQXPBZ4.js";
import "./chunk-BA5ANQN6.js";
import "./chunk-FCEE6SEQ.js";
import "./chunk-L5CRBJDS.js";
import "./chunk-YKREVSBC.js";
import "./chunk-DDUI4A4C.js";
import "./chunk-YI7OXUMY.js";
import "./chunk-5QFAU2YU.js";
import "./chunk-KMP6J2GC.js";
import "./chunk-LOF5LS5W.js";
import "./chunk-IOOXQZY3.js";
import "./chunk-UIZ46WAI.js";
import "./chunk-23EIKJQA.js";
import "./chunk-LKXY4777.js";
import "./chunk-7TKFABJD.js";
import "./chunk-XMXQBFJC.js";
import {
  shownPath
} from "./chunk-XUJYCSQL.js";
import "./chunk-65YWRPIP.js";
import "./chunk-OKSQO7JT.js";
import "./chunk-CQM643LP.js";
import "./chunk-57WIVW7N.js";
import "./chunk-P3SRHLMA.js";
import "./chunk-OEIIXWBO.js";
import "./chunk-D475USFB.js";
import "./chunk-K7D3JYL6.js";
import "./chunk-B4R2XIPD.js";
import {
  EXIT
} from "./chunk-IYM25C4U.js";
import {
  __commonJS,
  __toESM
} from "./chunk-XNDQ27F5.js";

// node_modules/picocolors/picocolors.js
var require_picocolors = __commonJS({
  "node_modules/picocolors/picocolors.js"(exports, module) {
    var p = process || {};
    var argv = p.argv || [];
    var env = p.env || {};
    var isColorSupported = !(!!env.NO_COLOR || argv.includes("--no-color")) && (!!env.FORCE_COLOR || argv.includes("--color") || p.platform === "win32" || (p.stdout || {}).isTTY && env.TERM !== "dumb" || !!env.CI);
    var formatter = (open, close, replace = open) => (input) => {
      let string = "" + input, index = string.indexOf(close, open.length);
      return ~index ? open + replaceClose(string, close, replace, index) + close : open + string + close;
    };
    var replaceClose = (string, close, replace, index) => {
      let result = "", cursor = 0;
      do {
        result += string.substring(cursor, index) + replace;
        cursor = index + close.length;
        index = string.indexOf(close, cursor);
      } while (~index);
      return result + string.substring(cursor);
    };
    var createColors = (enabled = isColorSupported) => {
      let f = enabled ? formatter : () => String;
      return {
        isColorSupported: enabled,
        reset: f("\x1B[0m", "\x1B[0m"),
        bold: f("\x1B[1m", "\x1B[22m", "\x1B[22m\x1B[1m"),
        dim: f("\x1B[2m", "\x1B[22m", "\x1B[22m\x1B[2m"),
        italic: f("\x1B[3m", "\x1B[23m"),
        underline: f("\x1B[4m", "\x1B[24m"),
        inverse: f("\x1B[7m", "\x1B[27m"),
        hidden: f("\x1B[8m", "\x1B[28m"),
        strikethrough: f("\x1B[9m", "\x1B[29m"),
        black: f("\x1B[30m", "\x1B[39m"),
        red: f("\x1B[31m", "\x1B[39m"),
        green: f("\x1B[32m", "\x1B[39m"),
        yellow: f("\x1B[33m", "\x1B[39m"),
        blue: f("\x1B[34m", "\x1B[39m"),
        magenta: f("\x1B[35m", "\x1B[39m"),
        cyan: f("\x1B[36m", "\x1B[39m"),
        white: f("\x1B[37m", "\x1B[39m"),
        gray: f("\x1B[90m", "\x1B[39m"),
        bgBlack: f("\x1B[40m", "\x1B[49m"),
        bgRed: f("\x1B[41m", "\x1B[49m"),
        bgGreen: f("\x1B[42m", "\x1B[49m"),
        bgYellow: f("\x1B[43m", "\x1B[49m"),
        bgBlue: f("\x1B[44m", "\x1B[49m"),
        bgMagenta: f("\x1B[45m", "\x1B[49m"),
        bgCyan: f("\x1B[46m", "\x1B[49m"),
        bgWhite: f("\x1B[47m", "\x1B[49m"),
        blackBright: f("\x1B[90m", "\x1B[39m"),
        redBright: f("\x1B[91m", "\x1B[39m"),
        greenBright: f("\x1B[92m", "\x1B[39m"),
        yellowBright: f("\x1B[93m", "\x1B[39m"),
        blueBright: f("\x1B[94m", "\x1B[39m"),
        magentaBright: f("\x1B[95m", "\x1B[39m"),
        cyanBright: f("\x1B[96m", "\x1B[39m"),
        whiteBright: f("\x1B[97m", "\x1B[39m"),
        bgBlackBright: f("\x1B[100m", "\x1B[49m"),
        bgRedBright: f("\x1B[101m", "\x1B[49m"),
        bgGreenBright: f("\x1B[102m", "\x1B[49m"),
        bgYellowBright: f("\x1B[103m", "\x1B[49m"),
        bgBlueBright: f("\x1B[104m", "\x1B[49m"),
        bgMagentaBright: f("\x1B[105m", "\x1B[49m"),
        bgCyanBright: f("\x1B[106m", "\x1B[49m"),
        bgWhiteBright: f("\x1B[107m", "\x1B[49m")
      };
    };
    module.exports = createColors();
    module.exports.createColors = createColors;
  }
});

// src/cli/run.ts
import { relative, resolve } from "node:path";

// src/report/terminal.ts
var import_picocolors = __toESM(require_picocolors(), 1);

// node_modules/ansi-regex/index.js
var ST = String.raw`(?:\u001B\u005C|\u009C)`;
var stringControls = String.raw`\u0018\u001A\u001B\u0080-\u009F`;
var osc = String.raw`(?:\u001B\]|\u009D)[^\u0007${stringControls}]*(?:\u0007|${ST})`;
var controlString = String.raw`(?:\u001B[PX^_k]|[\u0090\u0098\u009E\u009F])[^${stringControls}]*${ST}`;
var linuxPalette = String.raw`\u001B\](?:P[\dA-Fa-f]{7}|R)(?:\u0007|${ST})?`;
var csi = String.raw`(?:\u001B\[|\u009B)[\u0030-\u003F]*[\u0020-\u002F]*[\u0040-\u007E]`;
var escape = String.raw`\u001B(?:[\u0020-\u002F]+[\u0030-\u007E]|[\dA-PR-TZcf-oq-uy=><~|}])`;
var pattern = `${linuxPalette}|${osc}|${controlString}|${csi}|${escape}`;
function ansiRegex({ onlyFirst = false } = {}) {
  return new RegExp(pattern, onlyFirst ? void 0 : "g");
}

// node_modules/strip-ansi/index.js
var regex = ansiRegex();
function stripAnsi(string) {
  if (typeof string !== "string") {
    throw new TypeError(`Expected a \`string\`, got \`${typeof string}\``);
  }
  if (!string.includes("\x1B") && !string.includes("\x9B")) {
    return string;
  }
  return string.replace(regex, "");
}

// node_modules/get-east-asian-width/lookup-data.js
var ambiguousMinimalCodePoint = 161;
var ambiguousMaximumCodePoint = 1114109;
var ambiguousRanges = [161, 161, 164, 164, 167, 168, 170, 170, 173, 174, 176, 180, 182, 186, 188, 191, 198, 198, 208, 208, 215, 216, 222, 225, 230, 230, 232, 234, 236, 237, 240, 240, 242, 243, 247, 250, 252, 252, 254, 254, 257, 257, 273, 273, 275, 275, 283, 283, 294, 295, 299, 299, 305, 307, 312, 312, 319, 322, 324, 324, 328, 331, 333, 333, 338, 339, 358, 359, 363, 363, 462, 462, 464, 464, 466, 466, 468, 468, 470, 470, 472, 472, 474, 474, 476, 476, 593, 593, 609, 609, 708, 708, 711, 711, 713, 715, 717, 717, 720, 720, 728, 731, 733, 733, 735, 735, 768, 879, 913, 929, 931, 937, 945, 961, 963, 969, 1025, 1025, 1040, 1103, 1105, 1105, 8208, 8208, 8211, 8214, 8216, 8217, 8220, 8221, 8224, 8226, 8228, 8231, 8240, 8240, 8242, 8243, 8245, 8245, 8251, 8251, 8254, 8254, 8308, 8308, 8319, 8319, 8321, 8324, 8364, 8364, 8451, 8451, 8453, 8453, 8457, 8457, 8467, 8467, 8470, 8470, 8481, 8482, 8486, 8486, 8491, 8491, 8531, 8532, 8539, 8542, 8544, 8555, 8560, 8569, 8585, 8585, 8592, 8601, 8632, 8633, 8658, 8658, 8660, 8660, 8679, 8679, 8704, 8704, 8706, 8707, 8711, 8712, 8715, 8715, 8719, 8719, 8721, 8721, 8725, 8725, 8730, 8730, 8733, 8736, 8739, 8739, 8741, 8741, 8743, 8748, 8750, 8750, 8756, 8759, 8764, 8765, 8776, 8776, 8780, 8780, 8786, 8786, 8800, 8801, 8804, 8807, 8810, 8811, 8814, 8815, 8834, 8835, 8838, 8839, 8853, 8853, 8857, 8857, 8869, 8869, 8895, 8895, 8978, 8978, 9312, 9449, 9451, 9547, 9552, 9587, 9600, 9615, 9618, 9621, 9632, 9633, 9635, 9641, 9650, 9651, 9654, 9655, 9660, 9661, 9664, 9665, 9670, 9672, 9675, 9675, 9678, 9681, 9698, 9701, 9711, 9711, 9733, 9734, 9737, 9737, 9742, 9743, 9756, 9756, 9758, 9758, 9792, 9792, 9794, 9794, 9824, 9825, 9827, 9829, 9831, 9834, 9836, 9837, 9839, 9839, 9886, 9887, 9919, 9919, 9926, 9933, 9935, 9939, 9941, 9953, 9955, 9955, 9960, 9961, 9963, 9969, 9972, 9972, 9974, 9977, 9979, 9980, 9982, 9983, 10045, 10045, 10102, 10111, 11094, 11097, 12872, 12879, 57344, 63743, 65024, 65039, 65533, 65533, 127232, 127242, 127248, 127277, 127280, 127337, 127344, 127373, 127375, 127376, 127387, 127404, 917760, 917999, 983040, 1048573, 1048576, 1114109];
var fullwidthMinimalCodePoint = 12288;
var fullwidthMaximumCodePoint = 65510;
var fullwidthRanges = [12288, 12288, 65281, 65376, 65504, 65510];
var wideMinimalCodePoint = 4352;
var wideMaximumCodePoint = 262141;
var wideRanges = [4352, 4447, 8986, 8987, 9001, 9002, 9193, 9196, 9200, 9200, 9203, 9203, 9725, 9726, 9748, 9749, 9776, 9783, 9800, 9811, 9855, 9855, 9866, 9871, 9875, 9875, 9889, 9889, 9898, 9899, 9917, 9918, 9924, 9925, 9934, 9934, 9940, 9940, 9962, 9962, 9970, 9971, 9973, 9973, 9978, 9978, 9981, 9981, 9989, 9989, 9994, 9995, 10024, 10024, 10060, 10060, 10062, 10062, 10067, 10069, 10071, 10071, 10133, 10135, 10160, 10160, 10175, 10175, 11035, 11036, 11088, 11088, 11093, 11093, 11904, 11929, 11931, 12019, 12032, 12245, 12272, 12287, 12289, 12350, 12353, 12438, 12441, 12543, 12549, 12591, 12593, 12686, 12688, 12773, 12783, 12830, 12832, 12871, 12880, 42124, 42128, 42182, 43360, 43388, 44032, 55203, 63744, 64255, 65040, 65049, 65072, 65106, 65108, 65126, 65128, 65131, 94176, 94180, 94192, 94198, 94208, 101594, 101631, 101664, 101760, 101874, 101888, 102801, 102816, 102866, 110576, 110579, 110581, 110587, 110589, 110590, 110592, 110888, 110898, 110898, 110928, 110930, 110933, 110933, 110948, 110952, 110960, 111355, 119552, 119638, 119648, 119670, 126980, 126980, 127183, 127183, 127374, 127374, 127377, 127386, 127406, 127406, 127488, 127490, 127504, 127547, 127552, 127560, 127568, 127569, 127584, 127589, 127744, 127776, 127789, 127797, 127799, 127868, 127870, 127891, 127904, 127946, 127951, 127955, 127968, 127984, 127988, 127988, 127992, 128062, 128064, 128064, 128066, 128252, 128255, 128317, 128331, 128334, 128336, 128359, 128378, 128378, 128405, 128406, 128420, 128420, 128507, 128591, 128640, 128709, 128716, 128716, 128720, 128722, 128725, 128729, 128732, 128735, 128747, 128748, 128756, 128764, 128986, 128986, 128992, 129003, 129008, 129008, 129292, 129338, 129340, 129349, 129351, 129535, 129648, 129660, 129664, 129734, 129736, 129736, 129740, 129757, 129759, 129771, 129775, 129786, 131072, 196605, 196608, 262141];

// node_modules/get-east-asian-width/utilities.js
var isInRange = (ranges, codePoint) => {
  let low = 0;
  let high = Math.floor(ranges.length / 2) - 1;
  while (low <= high) {
    const mid = Math.floor((low + high) / 2);
    const i = mid * 2;
    if (codePoint < ranges[i]) {
      high = mid - 1;
    } else if (codePoint > ranges[i + 1]) {
      low = mid + 1;
    } else {
      return true;
    }
  }
  return false;
};

// node_modules/get-east-asian-width/lookup.js
var commonCjkCodePoint = 19968;
var [wideFastPathStart, wideFastPathEnd] = /* @__PURE__ */ findWideFastPathRange(wideRanges);
function findWideFastPathRange(ranges) {
  let fastPathStart = ranges[0];
  let fastPathEnd = ranges[1];
  for (let index = 0; index < ranges.length; index += 2) {
    const start = ranges[index];
    const end = ranges[index + 1];
    if (commonCjkCodePoint >= start && commonCjkCodePoint <= end) {
      return [start, end];
    }
    if (end - start > fastPathEnd - fastPathStart) {
      fastPathStart = start;
      fastPathEnd = end;
    }
  }
  return [fastPathStart, fastPathEnd];
}
var isAmbiguous = (codePoint) => {
  if (codePoint < ambiguousMinimalCodePoint || codePoint > ambiguousMaximumCodePoint) {
    return false;
  }
  return isInRange(ambiguousRanges, codePoint);
};
var isFullwidth = (codePoint) => {
  if (codePoint < fullwidthMinimalCodePoint || codePoint > fullwidthMaximumCodePoint) {
    return false;
  }
  return isInRange(fullwidthRanges, codePoint);
};
var isWide = (codePoint) => {
  if (codePoint >= wideFastPathStart && codePoint <= wideFastPathEnd) {
    return true;
  }
  if (codePoint < wideMinimalCodePoint || codePoint > wideMaximumCodePoint) {
    return false;
  }
  return isInRange(wideRanges, codePoint);
};

// node_modules/get-east-asian-width/index.js
function validate(codePoint) {
  if (!Number.isSafeInteger(codePoint)) {
    throw new TypeError(`Expected a code point, got \`${typeof codePoint}\`.`);
  }
}
function eastAsianWidth(codePoint, { ambiguousAsWide = false } = {}) {
  validate(codePoint);
  if (isFullwidth(codePoint) || isWide(codePoint) || ambiguousAsWide && isAmbiguous(codePoint)) {
    return 2;
  }
  return 1;
}

// node_modules/string-width/index.js
var segmenter = new Intl.Segmenter();
var zeroWidthClusterRegex = new RegExp("^(?:\\p{Default_Ignorable_Code_Point}|\\p{Control}|\\p{Format}|\\p{Mark}|\\p{Surrogate})+$", "v");
var leadingNonPrintingRegex = new RegExp("^[\\p{Default_Ignorable_Code_Point}\\p{Control}\\p{Format}\\p{Mark}\\p{Surrogate}]+", "v");
var rgiEmojiRegex = new RegExp("^\\p{RGI_Emoji}$", "v");
var unqualifiedKeycapRegex = /^[\d#*]\u20E3$/;
var extendedPictographicRegex = new RegExp("\\p{Extended_Pictographic}", "gu");
function isDoubleWidthNonRgiEmojiSequence(segment) {
  if (segment.length > 50) {
    return false;
  }
  if (unqualifiedKeycapRegex.test(segment)) {
    return true;
  }
  if (segment.includes("\u200D")) {
    const pictographics = segment.match(extendedPictographicRegex);
    return pictographics !== null && pictographics.length >= 2;
  }
  return false;
}
function baseVisible(segment) {
  return segment.replace(leadingNonPrintingRegex, "");
}
function isZeroWidthCluster(segment) {
  return zeroWidthClusterRegex.test(segment);
}
function trailingHalfwidthWidth(segment, eastAsianWidthOptions) {
  let extra = 0;
  if (segment.length > 1) {
    for (const char of segment.slice(1)) {
      if (char >= "\uFF00" && char <= "\uFFEF") {
        extra += eastAsianWidth(char.codePointAt(0), eastAsianWidthOptions);
      }
    }
  }
  return extra;
}
function stringWidth(input, options = {}) {
  if (typeof input !== "string" || input.length === 0) {
    return 0;
  }
  const {
    ambiguousIsNarrow = true,
    countAnsiEscapeCodes = false
  } = options;
  let string = input;
  if (!countAnsiEscapeCodes && (string.includes("\x1B") || string.includes("\x9B"))) {
    string = stripAnsi(string);
  }
  if (string.length === 0) {
    return 0;
  }
  if (/^[\u0020-\u007E]*$/.test(string)) {
    return string.length;
  }
  let width = 0;
  const eastAsianWidthOptions = { ambiguousAsWide: !ambiguousIsNarrow };
  for (const { segment } of segmenter.segment(string)) {
    if (isZeroWidthCluster(segment)) {
      continue;
    }
    if (rgiEmojiRegex.test(segment) || isDoubleWidthNonRgiEmojiSequence(segment)) {
      width += 2;
      continue;
    }
    const codePoint = baseVisible(segment).codePointAt(0);
    width += eastAsianWidth(codePoint, eastAsianWidthOptions);
    width += trailingHalfwidthWidth(segment, eastAsianWidthOptions);
  }
  return width;
}

// src/report/terminal.ts
var MIN_WIDTH = 40;
var GAP = "  ";
function renderTerminal(report, options = {}) {
  const colors = import_picocolors.default.createColors(options.color ?? false);
  const width = Math.max(MIN_WIDTH, options.width ?? 100);
  const rows = reportRows(report);
  const { title, tally } = headline(report, rows);
  const overall = OVERALL_WORDS[report.verdict];
  const paint = tonePaint(colors, overall.tone);
  const sections = [
    establishedEntries(report, width, colors),
    tableLines(rows, report, width, colors),
    attentionLines(report, rows, width, colors),
    noteLines(report, width, colors),
    [
      ...fold(`${overall.mark} ${plainText(title, 300)}`, width, 2).map((line) => paint(colors.bold(line))),
      ...tally === "" ? [] : fold(tally, width, 0),
      ...fold(runText(report), width, 0).map((line) => colors.dim(line))
    ]
  ];
  return `${sections.filter((lines) => lines.length > 0).map((lines) => lines.join("\n")).join("\n\n")}
`;
}
function runText(report) {
  const { environment, durationMs } = report;
  const revisions = revisionsOf(report);
  return [
    ...revisions === null ? [] : [revisionText(revisions, { show: shortId, name: (text) => plainText(text, 100) })],
    plainText(environment.cpu, 80),
    countOf(environment.cores, "core"),
    `ONNX Runtime ${plainText(environment.onnxruntime, 40)}`,
    formatValue(durationMs, "ms")
  ].join(", ");
}
function tonePaint(colors, tone) {
  return { good: colors.green, bad: colors.red, caution: colors.yellow, quiet: colors.dim }[tone];
}
function tableLines(rows, report, width, colors) {
  if (rows.length === 0) return [];
  const nameOf = placeNamer(
    rows.map((row) => row.place),
    report
  );
  const headings = [
    "",
    "Size",
    heading(rows, (row) => row.latency, "Latency"),
    heading(rows, (row) => row.accuracy, "Accuracy"),
    "Verdict"
  ];
  const cells = rows.map((row) => [
    nameLines(row, nameOf(row.place), report.models.length > 1, colors),
    figureLines(row.size, row.first, colors),
    figureLines(row.latency, true, colors),
    figureLines(row.accuracy, row.first || row.accuracy?.measurement.provider != null, colors),
    verdictLines(row, colors)
  ]);
  const widths = headings.map(
    (text, column) => cells.reduce(
      (widest, row) => Math.max(widest, ...row[column].map((line) => stringWidth(line.text))),
      stringWidth(text)
    )
  );
  const total = widths.reduce((sum, columnWidth) => sum + columnWidth + GAP.length, -GAP.length);
  if (total > width) return blocks(headings, cells, width, colors);
  const head = headings.map((text, column) => pad(text, widths[column])).join(GAP).trimEnd();
  return [
    colors.dim(head),
    ...cells.flatMap((row, index) => [...index > 0 ? [""] : [], ...rowLines(row, widths)])
  ];
}
function rowLines(row, widths) {
  const height = Math.max(...row.map((cell) => cell.length));
  return Array.from(
    { length: height },
    (_, lineIndex) => row.map((cell, column) => {
      const line = cell[lineIndex] ?? { text: "" };
      const padding = " ".repeat(Math.max(0, widths[column] - stringWidth(line.text)));
      return (line.paint ? line.paint(line.text) : line.text) + padding;
    }).join(GAP).trimEnd()
  );
}
function blocks(headings, cells, width, colors) {
  const label = Math.max(...headings.map((text) => stringWidth(text)));
  return cells.flatMap((row, index) => [
    ...index > 0 ? [""] : [],
    ...row[0].map((line) => line.paint ? line.paint(line.text) : line.text),
    ...row.slice(1).flatMap(
      (cell, column) => cell.flatMap(
        (line, lineIndex) => fold(line.text, width - label - 4, 0).map((text, part) => {
          const name = lineIndex === 0 && part === 0 ? headings[column + 1] : "";
          return `  ${colors.dim(pad(name, label))}  ${line.paint ? line.paint(text) : text}`;
        })
      )
    )
  ]);
}
function heading(rows, cellOf, general) {
  const titles = new Set(rows.flatMap((row) => cellOf(row)?.metric.title ?? []));
  return titles.size === 1 ? plainText([...titles][0], 30) : general;
}
function nameLines(row, place, manyModels, colors) {
  return [
    ...manyModels ? [{ text: plainText(row.model, 40) }] : [],
    { text: plainText(row.variant.name, 40), paint: colors.bold },
    ...place.length > 0 ? [{ text: plainText(place.join(", "), 60), paint: colors.dim }] : []
  ];
}
function figureLines(cell, full, colors) {
  if (cell === null) return [{ text: "\u2013", paint: colors.dim }];
  const figure = figureOf(cell);
  if (figure.problem !== null) return [{ text: plainText(figure.problem, 30), paint: colors.dim }];
  if (!full) return [{ text: figure.change ?? `${figure.value}`, paint: colors.bold }];
  return [...valueLines(figure, colors), ...smallLines(figure, colors)];
}
function valueLines(figure, colors) {
  const values = figure.original === null ? `${figure.value}` : `${figure.original} \u2192 ${figure.value}`;
  return figure.change === null ? [{ text: values, paint: colors.bold }] : [{ text: values }, { text: figure.change, paint: colors.bold }];
}
function smallLines(figure, colors) {
  return [
    ...figure.bounds.map(({ text, verdict }) => ({
      text: `${VERDICT_WORDS[verdict].mark} ${text}`,
      paint: tonePaint(colors, VERDICT_WORDS[verdict].tone)
    })),
    ...[figure.interval, figure.base].flatMap((text) => text === null ? [] : [{ text, paint: colors.dim }])
  ];
}
function verdictLines(row, colors) {
  if (row.variant.status === "failed") return [{ text: "\u2718 not made", paint: colors.red }];
  if (row.unchanged) {
    const { mark: mark2, word: word2, tone: tone2 } = UNCHANGED_WORDS;
    return [{ text: `${mark2} ${word2}`, paint: tonePaint(colors, tone2) }];
  }
  if (row.verdict === null) return [{ text: "not checked", paint: colors.dim }];
  const { mark, word, tone } = VERDICT_WORDS[row.verdict];
  return [{ text: `${mark} ${word}`, paint: tonePaint(colors, tone) }];
}
function establishedEntries(report, width, colors) {
  const { lines, more } = establishedLines(report);
  const entries = lines.flatMap(
    ({ verdict, check, title, subject, reason }) => entry(verdict, `${check}${subject === "" ? "" : ` of ${subject}`}: ${title}. ${reason}`, width, colors)
  );
  return more > 0 ? [...entries, moreLine(more)] : entries;
}
function attentionLines(report, rows, width, colors) {
  const nameOf = placeNamer(
    rows.map((row) => row.place),
    report
  );
  const failed = rows.filter((row) => row.first && row.variant.status === "failed").map(
    (row) => entry(
      "invalid",
      `${row.model} ${row.variant.name} could not be made: ${row.variant.reason ?? "no reason given"}`,
      width,
      colors
    )
  );
  const checks = variantChecks(report.checks).filter((check) => check.verdict !== "pass").sort((a, b) => WORST_FIRST.indexOf(a.verdict) - WORST_FIRST.indexOf(b.verdict)).map((check) => {
    const words = checkWords(check);
    const seen = words.observed === null ? "" : `${words.observed}, `;
    const interval = words.interval === null ? "" : ` (${words.interval})`;
    const where = [check.model, check.variant, ...nameOf(check)].join(" ");
    const reason = check.reason === null ? "" : `. ${check.reason}`;
    return entry(
      check.verdict,
      `${check.metric} of ${where}: ${seen}allowed ${words.bound}${interval}${reason}`,
      width,
      colors
    );
  });
  return [...failed, ...checks].flat();
}
function entry(verdict, text, width, colors) {
  const { mark, word, tone } = VERDICT_WORDS[verdict];
  const [first, ...rest] = fold(`${mark} ${word} ${plainText(text, 1e3)}`, width, 2);
  const start = `${mark} ${word}`;
  return [tonePaint(colors, tone)(start) + first.slice(start.length), ...rest];
}
function noteLines(report, width, colors) {
  return orderedNotes(report).flatMap((note) => {
    const subject = [note.model, note.variant].filter((name) => name !== null).join(" ");
    const lines = fold(
      plainText(
        `${note.level === "warn" ? "!" : "i"} ${subject === "" ? "" : `${subject}: `}${note.message}`,
        800
      ),
      width,
      2
    );
    return note.level === "warn" ? lines.map((line) => colors.yellow(line)) : lines.map((line) => colors.dim(line));
  });
}
function pad(text, width) {
  return text + " ".repeat(Math.max(0, width - stringWidth(text)));
}
function fold(text, width, indent) {
  const lines = [];
  let line = "";
  let columns = 0;
  for (const word of text.split(" ").flatMap((part) => chunks(part, width - indent))) {
    const wordColumns = stringWidth(word);
    if (columns > 0 && columns + 1 + wordColumns > width) {
      lines.push(line);
      line = " ".repeat(indent) + word;
      columns = indent + wordColumns;
    } else {
      line += columns === 0 ? word : ` ${word}`;
      columns += wordColumns + (columns === 0 ? 0 : 1);
    }
  }
  return [...lines, line];
}
function chunks(word, width) {
  if (stringWidth(word) <= width) return [word];
  const parts = [];
  let part = "";
  for (const character of word) {
    if (stringWidth(part + character) > width) {
      parts.push(part);
      part = "";
    }
    part += character;
  }
  return [...parts, part];
}

// src/cli/run.ts
async function runCommand(context, options) {
  const { log, signal } = context;
  const config = await loadConfig(options.config);
  if (context.options.threads) config.benchmark = { ...config.benchmark, threads: [context.options.threads] };
  const runtime = await context.runtime();
  const base = await findBase({ config, ref: options.base ?? null, log, signal });
  const found = base.state === "found" ? base : null;
  try {
    const { report, files } = await run({
      config,
      out: resolve(options.out),
      base: found?.models ?? null,
      baseProblem: base.state === "unreadable" ? `${base.cause} ${base.remedy}` : null,
      context: { runtime, log, signal },
      allowCommands: true,
      source: await sourceOfJob(config.directory, found?.revision.sha ?? null),
      thresholds: { file: config.file && shownPath(config.file), from: "head", changed: false }
    });
    context.print(
      report,
      () => renderTerminal(report, {
        color: context.color,
        width: process.stdout.columns || void 0
      })
    );
    log.info(`report: ${relative(process.cwd(), files.markdown)}`);
    return report.verdict === "fail" ? EXIT.failedCheck : EXIT.pass;
  } finally {
    await found?.dispose();
  }
}
async function sourceOfJob(directory, baseSha) {
  const context = readContext();
  if (context.runId === null) return null;
  const { sha: measuredSha } = await measuredCommit(directory, null);
  return sourceRevision(context, { baseSha, measuredSha });
}
export {
  runCommand
};
