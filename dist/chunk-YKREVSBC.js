import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  startProgram,
  superviseChild
} from "./chunk-DDUI4A4C.js";
import {
  MachineError,
  throwIfInterrupted
} from "./chunk-IYM25C4U.js";

// src/system/run-program.ts
import { createWriteStream, existsSync } from "node:fs";
import { pipeline } from "node:stream/promises";
var KEPT_LENGTH = 2e4;
var NO_ROOM = /* @__PURE__ */ new Set(["EAGAIN", "EMFILE", "ENFILE", "ENOMEM"]);
async function runProgram(program, args, options = {}) {
  throwIfInterrupted(options.signal);
  const { directory, environment, input, keptLength = KEPT_LENGTH } = options;
  const notStarted = (error2) => ({
    ...NOTHING,
    startError: startErrorText(error2, program, directory)
  });
  let child;
  try {
    const stdin = input === void 0 ? "ignore" : "pipe";
    child = startProgram(program, args, { directory, environment, stdio: [stdin, "pipe", "pipe"] });
  } catch (error2) {
    return notStarted(error2);
  }
  const supervision = superviseChild(child, options);
  child.stdin?.on("error", () => {
  }).end(input);
  const said = new Tail(keptLength);
  const stderr = new Tail(keptLength);
  child.stderr?.setEncoding("utf8").on("data", (text2) => {
    stderr.add(text2);
    said.add(text2);
  });
  const reading = readStdout(child.stdout, { to: options.stdout, said, stop: supervision.stop });
  const end = await supervision.ended;
  if (end.startError !== null) return notStarted(end.startError);
  const { text, error } = await reading;
  if (error !== null && (end.stopped ?? "error") === "error") throw error;
  return { ...end, startError: null, stdout: text, stderr: stderr.text, said: said.text };
}
var NOTHING = { stopped: null, exitCode: null, signal: null, stdout: "", stderr: "", said: "" };
async function readStdout(stdout, { to, said, stop }) {
  try {
    if (!stdout || !to) {
      stdout?.setEncoding("utf8").on("data", (text) => said.add(text));
      return { text: "", error: null };
    }
    if ("file" in to) {
      await pipeline(stdout, createWriteStream(to.file));
      return { text: "", error: null };
    }
    const chunks = [];
    let bytes = 0;
    for await (const chunk of stdout) {
      bytes += chunk.length;
      if (bytes <= to.limitBytes) chunks.push(chunk);
      else stop("output");
    }
    return { text: Buffer.concat(chunks).toString("utf8"), error: null };
  } catch (error) {
    stop("error");
    return { text: "", error };
  }
}
function startErrorText(error, program, directory) {
  const { code, message } = error;
  if (code !== void 0 && NO_ROOM.has(code)) {
    throw new MachineError(
      `${program} can't be started: ${message}. The machine has no room for one more process: end others, or raise its limits.`
    );
  }
  if (code === "ENOENT" && directory !== void 0 && !existsSync(directory)) {
    return `the folder ${directory} that it should run in does not exist`;
  }
  if (code === "ENOENT") return `${message}. Is ${program} installed?`;
  if (code === "EACCES") return `${message}. May ${program} be executed?`;
  return message;
}
var Tail = class {
  constructor(length) {
    this.length = length;
  }
  length;
  kept = "";
  add(text) {
    this.kept += text;
    if (this.kept.length > 2 * this.length) this.kept = this.kept.slice(-this.length);
  }
  get text() {
    return this.kept.slice(-this.length);
  }
};

export {
  runProgram
};
