#!/usr/bin/env node
import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  Command,
  CommanderError,
  InvalidArgumentError,
  Option,
  addInputOptions
} from "./chunk-SPCRYPCD.js";
import {
  locateRuntime,
  locateSharp,
  locateWasm
} from "./chunk-XOSFZC42.js";
import {
  installedRuntime,
  loadRuntime
} from "./chunk-N65VB3OY.js";
import {
  VERSION
} from "./chunk-BA5ANQN6.js";
import "./chunk-FCEE6SEQ.js";
import "./chunk-L5CRBJDS.js";
import "./chunk-YKREVSBC.js";
import "./chunk-DDUI4A4C.js";
import {
  TASKS
} from "./chunk-YI7OXUMY.js";
import {
  setSharpLoader
} from "./chunk-PLGNMHI6.js";
import "./chunk-LOF5LS5W.js";
import "./chunk-IOOXQZY3.js";
import "./chunk-UIZ46WAI.js";
import "./chunk-OKSQO7JT.js";
import "./chunk-D475USFB.js";
import {
  EXIT,
  Interrupted,
  exitCodeOf,
  messageOf
} from "./chunk-IYM25C4U.js";
import "./chunk-XNDQ27F5.js";

// src/cli/context.ts
import { createRequire } from "node:module";

// src/cli/terminal-log.ts
var BAR_WIDTH = 24;
var REDRAW_MS = 100;
var PLAIN_SHARES = 4;
function terminalLog({ quiet, verbose, color, stream }) {
  const paint = (code, text) => color ? `\x1B[${code}m${text}\x1B[0m` : text;
  let barShown = false;
  let drawnAt = 0;
  let printedShare = -1;
  let currentStep = "";
  const clearBar = () => {
    if (barShown) stream.write("\r\x1B[2K");
    barShown = false;
  };
  const line = (text) => {
    clearBar();
    stream.write(`${text}
`);
  };
  return {
    info: (message) => {
      if (!quiet) line(message);
    },
    warn: (message) => line(`${paint(33, "warning:")} ${message}`),
    debug: (message) => {
      if (verbose) line(paint(2, message));
    },
    progress: (step, done, total) => {
      if (quiet || total <= 0) return;
      if (!stream.isTTY) {
        if (step !== currentStep) printedShare = -1;
        currentStep = step;
        const share = Math.floor(done / total * PLAIN_SHARES);
        if (share > printedShare && done > 0)
          stream.write(`${step}: ${Math.round(100 * done / total)} %
`);
        printedShare = Math.max(share, printedShare);
        return;
      }
      const now = Date.now();
      if (done >= total) {
        clearBar();
        return;
      }
      if (now - drawnAt < REDRAW_MS) return;
      drawnAt = now;
      const filled = Math.round(done / total * BAR_WIDTH);
      const bar = "\u2588".repeat(filled) + "\u2591".repeat(BAR_WIDTH - filled);
      stream.write(`\r\x1B[2K${paint(36, bar)} ${step} ${Math.round(100 * done / total)} %`);
      barShown = true;
    }
  };
}

// src/cli/context.ts
function makeContext(options, signal) {
  const colorful = (stream) => options.color && process.env.NO_COLOR === void 0 && (stream.isTTY === true || process.env.FORCE_COLOR !== void 0);
  const log = terminalLog({
    quiet: options.quiet ?? false,
    verbose: options.verbose ?? false,
    color: colorful(process.stderr),
    stream: process.stderr
  });
  let opened;
  const runtime = () => {
    opened ??= openRuntime(options.onnxruntimePath, { log, signal });
    return opened;
  };
  return {
    options,
    log,
    color: colorful(process.stdout),
    signal,
    runtime,
    toRun: async () => ({ runtime: await runtime(), log, threads: options.threads, signal }),
    print: (value, text) => {
      const body = options.json ? JSON.stringify(value, null, 2) : text();
      process.stdout.write(body.endsWith("\n") ? body : `${body}
`);
    }
  };
}
async function openRuntime(path, provision) {
  setSharpLoader(
    async () => createRequire(import.meta.url)(installedSharp() ?? await locateSharp(provision))
  );
  return await loadRuntime({
    path: path ?? installedRuntime() ?? await locateRuntime(provision),
    log: provision.log,
    locateWasm: () => locateWasm(provision)
  });
}
function installedSharp() {
  try {
    return createRequire(import.meta.url).resolve("sharp");
  } catch {
    return null;
  }
}
function signalsAborted() {
  const controller = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"]) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(130);
      controller.abort(new Interrupted("interrupted"));
    });
  }
  return controller.signal;
}

// src/cli/program.ts
var ISSUES = "https://github.com/quantgate/quantgate/issues";
async function main(args) {
  const signal = signalsAborted();
  const lost = watchOutput();
  let exitCode = EXIT.pass;
  const action = (load) => async (...given) => {
    const self = given.at(-1);
    const options = self.optsWithGlobals();
    const command = await load();
    exitCode = await command(
      makeContext(options, signal),
      ...[...given.slice(0, -2), options]
    );
  };
  const program = buildProgram(action);
  try {
    await program.parseAsync(args, { from: "user" });
    return lost() ? EXIT.machineError : exitCode;
  } catch (error) {
    return failed(signal.aborted ? signal.reason : error, args);
  }
}
function watchOutput() {
  let lost = false;
  const readerLeft = (error) => error.code === "EPIPE" || error.code === "ERR_STREAM_DESTROYED";
  process.stderr.on("error", () => {
  });
  process.stdout.on("error", (error) => {
    if (lost || readerLeft(error)) return;
    lost = true;
    process.exitCode = EXIT.machineError;
    process.stderr.write(
      `error: The result can't be written to standard output: ${error.message}. Make room, or send it elsewhere.
`
    );
  });
  return () => lost;
}
function failed(error, args) {
  if (error instanceof CommanderError) {
    return error.exitCode === 0 ? EXIT.pass : EXIT.userError;
  }
  const exitCode = exitCodeOf(error);
  if (exitCode === EXIT.bug) {
    const stack = error instanceof Error ? error.stack : String(error);
    process.stderr.write(
      `quantgate ${VERSION} has a bug: ${stack}
Please report it with the command line: ${ISSUES}
`
    );
  } else {
    process.stderr.write(`error: ${messageOf(error)}
`);
    if (args.includes("--verbose") && error instanceof Error) process.stderr.write(`${error.stack}
`);
  }
  return exitCode;
}
var METHODS = ["int8-static", "int8-dynamic", "float16", "int8-weights", "int4-weights", "auto"];
var PRESETS = ["torch", "onnxruntime", "tensorrt"];
var CALIBRATORS = ["minmax", "moving-average", "percentile", "entropy", "mse"];
var TARGETS = ["cpu", "arm64", "cuda", "tensorrt", "webgpu", "wasm"];
var SCORED_TASKS = TASKS.filter((task) => task !== "custom");
function buildProgram(action) {
  const program = new Command("quantgate").description(
    "Quantize an ONNX model, measure original and quantized on this machine, judge both, and report."
  ).version(VERSION).exitOverride().showHelpAfterError("(quantgate --help lists the commands)").configureHelp({ showGlobalOptions: true }).option("--quiet", "only results and warnings").option("--verbose", "more detail on stderr").option("--no-color", "no colour").option("--threads <n>", "threads for ONNX Runtime", positiveInteger).option("--onnxruntime-path <dir>", "an onnxruntime-node package to use");
  const command = (name, description) => program.command(name).description(description).exitOverride().allowExcessArguments(false).option("--json", "one JSON document on stdout and nothing else");
  for (const add of COMMANDS) add(command, action);
  return program;
}
function addRun(command, action) {
  command("run", "the whole pipeline: quantize, measure, judge, report").option("--config <file>", "quantgate.yml", "quantgate.yml").option("--base <ref>", "git revision to compare with (max-regression)").option("--out <dir>", "where the report, badges and models go", "quantgate-out").action(action(async () => (await import("./chunk-5XIAAY3P.js")).runCommand));
}
function addQuantize(command, action) {
  addInputOptions(quantizeOptions(command("quantize", "quantize one model"))).action(
    action(async () => (await import("./chunk-XUGV5JLQ.js")).quantizeCommand)
  );
}
function quantizeOptions(command) {
  return command.argument("<model>", "ONNX file").requiredOption("--out <file>", "where the quantized model goes").addOption(new Option("--method <method>", "how").choices(METHODS)).addOption(new Option("--preset <preset>", "another system's options").choices(PRESETS)).option("--calibration <path>", "calibration data").option("--calibration-limit <n>", "at most this many samples", positiveInteger).addOption(new Option("--calibrator <name>", "how ranges are found").choices(CALIBRATORS)).option("--percentile <p>", "for the percentile calibrator", percentile).option("--tokenizer <file>", "tokenizer.json, for calibration data that are texts").option("--max-length <n>", "tokens of a text at most", positiveInteger).addOption(new Option("--target <target>", "what the file is for").choices(TARGETS)).option("--plan <file>", "a plan to reproduce").option("--include <pattern...>", "only these nodes or operator types").option("--exclude <pattern...>", "not these nodes or operator types").option("--block-size <n>", "of weight-only methods", positiveInteger).option("--config <file>", "take preprocessing and options from a config").option("--model <name>", "model in the config").option("--variant <name>", "variant in the config").option("--no-verify", "don't open, run and compare the file").option("--no-repair", "don't leave layers as they are that lose most");
}
function addBench(command, action) {
  command("bench", "measure latency and size of models; the first is the reference").argument("<models...>", "ONNX files").option("--provider <name>", "execution provider", "cpu").option("--batch <n>", "batch size", positiveInteger, 1).option("--concurrency <n>", "processes at once", positiveInteger, 1).option("--shape <name=n...>", "value of a symbolic dimension").option("--budget <time>", "time to spend", "30s").action(action(async () => (await import("./chunk-ZA4BQO2K.js")).benchCommand));
}
function addEval(command, action) {
  addInputOptions(
    evalOptions(command("eval", "accuracy and fidelity of models on data; the first is the reference"))
  ).action(action(async () => (await import("./chunk-YXIG53Y2.js")).evalCommand));
}
function evalOptions(command) {
  return command.argument("<models...>", "ONNX files").option("--provider <name>", "execution provider", "cpu").option("--data <path>", "evaluation data").option("--limit <n>", "at most this many samples", positiveInteger).addOption(new Option("--task <task>", "what the model does").choices(SCORED_TASKS)).option("--output <name>", "the output that is scored").option("--decoder <name>", "how the outputs become boxes or text").option("--keys <file>", "symbols of a recognizer's classes, one per line").option("--tokenizer <file>", "tokenizer.json, for data that are texts").option("--max-length <n>", "tokens of a text at most", positiveInteger).option("--layers", "where the error enters, tensor by tensor").option("--config <file>", "take preprocessing and task from a config").option("--model <name>", "model in the config");
}
function addInspect(command, action) {
  command("inspect", "what a model holds, and what would be quantized").argument("<model>", "ONNX file").option("--plan", "what would be quantized and why not").action(action(async () => (await import("./chunk-U4JTPWA4.js")).inspectCommand));
}
function addReport(command, action) {
  command("report", "render reports; several merge into one").argument("<reports...>", "quantgate-report.json files").addOption(
    new Option("--format <format>", "of the output").choices(["markdown", "html", "junit", "json"]).makeOptionMandatory()
  ).requiredOption("--out <file>", "where it goes; - for stdout").action(action(async () => (await import("./chunk-B727NN7N.js")).reportCommand));
}
function addBadge(command, action) {
  command("badge", "make badges from a report").argument("<report>", "quantgate-report.json").requiredOption("--out <dir>", "where endpoint JSON and SVG files go").action(action(async () => (await import("./chunk-ELU6EGCP.js")).badgeCommand));
}
function addInit(command, action) {
  command("init", "write a quantgate.yml that runs, and a workflow, for the models and data found here").option("--force", "replace files that are there").option("--explain", "say why each guess, and what was tried").option("--no-measure", "don't run the models: write the guesses, and usual thresholds").option("--budget <time>", "time to measure latencies of a model", "10s").action(action(async () => (await import("./chunk-UZ3GGVGU.js")).initCommand));
}
function addDoctor(command, action) {
  command("doctor", "what this machine can measure, and how noisy it is").action(
    action(async () => (await import("./chunk-BH4NM6TI.js")).doctorCommand)
  );
}
var COMMANDS = [
  addRun,
  addQuantize,
  addBench,
  addEval,
  addInspect,
  addReport,
  addBadge,
  addInit,
  addDoctor
];
function percentile(text) {
  const value = Number(text);
  if (!(value > 50 && value <= 100)) throw new InvalidArgumentError("It must be above 50 and at most 100.");
  return value;
}
function positiveInteger(text) {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError("It must be a whole number of at least 1.");
  return value;
}

// src/cli.ts
process.exitCode = await main(process.argv.slice(2));
