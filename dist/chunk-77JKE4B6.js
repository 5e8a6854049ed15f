import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  readReport
} from "./chunk-BOFP4XL6.js";
import {
  mergeReports
} from "./chunk-PQ7XNCAZ.js";
import {
  renderHtml,
  renderJUnit,
  renderMarkdown,
  writeTextFile
} from "./chunk-ZQLFFVPL.js";
import "./chunk-UFU2BEZ6.js";
import "./chunk-27DI4K3I.js";
import "./chunk-M5WQ36NC.js";
import "./chunk-YLLLCSRG.js";
import "./chunk-QGGL5KXY.js";
import "./chunk-FKHBUIO2.js";
import "./chunk-J6LORSIW.js";
import "./chunk-PPDM2O2Z.js";
import {
  EXIT,
  UserError
} from "./chunk-KJWZXA2F.js";
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
  if (options.out === "-" && context.options.json && options.format !== "json") {
    throw new UserError(
      `--json and --format ${options.format} can't both go to stdout: leave --json out, or name a file with --out.`
    );
  }
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
