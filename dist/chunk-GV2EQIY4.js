import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  readReport
} from "./chunk-VE3N54JT.js";
import {
  mergeReports
} from "./chunk-T7FZRFFZ.js";
import {
  renderHtml,
  renderJUnit,
  renderMarkdown,
  writeTextFile
} from "./chunk-M3U2ST7U.js";
import "./chunk-UFU2BEZ6.js";
import "./chunk-RLQCVHN5.js";
import "./chunk-FKHBUIO2.js";
import "./chunk-BEWSR2E7.js";
import "./chunk-PPDM2O2Z.js";
import {
  EXIT
} from "./chunk-5PWBJZJP.js";
import "./chunk-XNDQ27F5.js";

// src/cli/report.ts
var RENDERERS = {
  markdown: (report) => renderMarkdown(report),
  html: renderHtml,
  junit: renderJUnit,
  json: (report) => `${JSON.stringify(report, null, 2)}
`
};
async function reportCommand(context, files, options) {
  const reports = files.map(readReport);
  const report = reports.length === 1 ? reports[0] : mergeReports(reports);
  const body = RENDERERS[options.format](report);
  if (options.out === "-") {
    process.stdout.write(body);
    return EXIT.pass;
  }
  writeTextFile(options.out, body);
  context.print(
    { file: options.out, format: options.format, verdict: report.verdict },
    () => `wrote ${options.out}`
  );
  return EXIT.pass;
}
export {
  reportCommand
};
