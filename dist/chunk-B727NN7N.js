import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  readReport
} from "./chunk-GH2DEKFF.js";
import {
  mergeReports
} from "./chunk-OIADTL5O.js";
import {
  renderHtml,
  renderJUnit,
  renderMarkdown,
  writeTextFile
} from "./chunk-LQIED5SV.js";
import "./chunk-YFYDZQFU.js";
import "./chunk-Z7C2XHPS.js";
import "./chunk-6BIEYPGO.js";
import "./chunk-OU7AXWVO.js";
import "./chunk-AQF5U6DS.js";
import "./chunk-5A25ZMJN.js";
import "./chunk-MXXY4EXN.js";
import "./chunk-DBYFNPEJ.js";
import "./chunk-LB3U3NNG.js";
import "./chunk-L5CRBJDS.js";
import "./chunk-YI7OXUMY.js";
import "./chunk-IOOXQZY3.js";
import "./chunk-OKSQO7JT.js";
import {
  EXIT,
  UserError
} from "./chunk-IYM25C4U.js";
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
  for (const { code, message } of report.notes) {
    if (code.startsWith("merge.")) context.log.warn(message);
  }
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
