import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  interruptionOf
} from "./chunk-IYM25C4U.js";

// src/system/child-environment.ts
var SECRET_PREFIX = /^(INPUT|ACTIONS)_/;
var SECRETS = /* @__PURE__ */ new Set([
  "GITHUB_TOKEN",
  "GH_TOKEN",
  "GITHUB_ENTERPRISE_TOKEN",
  "GH_ENTERPRISE_TOKEN",
  // Files of the runner: a line appended there sets a variable, a PATH, an output, a state or a summary of the steps that follow.
  "GITHUB_ENV",
  "GITHUB_PATH",
  "GITHUB_OUTPUT",
  "GITHUB_STATE",
  "GITHUB_STEP_SUMMARY"
]);
function withoutSecrets(environment = process.env, { keep = [] } = {}) {
  const isSecret = (name) => SECRET_PREFIX.test(name) || SECRETS.has(name);
  return Object.fromEntries(
    // Windows does not tell capital letters from small ones.
    Object.entries(environment).filter(([name]) => keep.includes(name) || !isSecret(name.toUpperCase()))
  );
}

// src/system/child-process.ts
import { fork, spawn } from "node:child_process";
import { setMaxListeners } from "node:events";
var GRACE_MS = 2e3;
var AFTER_KILL_MS = 1e3;
var running = /* @__PURE__ */ new Map();
process.on("exit", () => {
  for (const child of running.keys()) signalAll(child, "SIGKILL");
});
function startProgram(program, args, options) {
  const leads = process.platform !== "win32";
  const { directory, environment = withoutSecrets(), stdio } = options;
  return registered(
    spawn(program, args, { cwd: directory, env: environment, stdio, detached: leads, windowsHide: true }),
    leads
  );
}
function forkFile(file, options) {
  const { directory, environment = withoutSecrets(), stdio, wrapper = [], group = "own" } = options;
  const leads = group === "own" && process.platform !== "win32";
  const [execPath, ...execArgv] = [...wrapper, process.execPath];
  return registered(
    fork(file, [], {
      cwd: directory,
      env: environment,
      execPath,
      execArgv,
      serialization: "advanced",
      stdio,
      detached: leads
    }),
    leads
  );
}
function registered(child, leads) {
  running.set(child, { leads });
  child.on("close", () => running.delete(child));
  child.on("error", () => {
    if (child.pid === void 0) running.delete(child);
  });
  return child;
}
function signalAll(child, signal) {
  try {
    if (running.get(child)?.leads && child.pid !== void 0) process.kill(-child.pid, signal);
    else child.kill(signal);
  } catch {
  }
}
function superviseChild(child, limits = {}) {
  const { signal, timeoutMs, graceMs = GRACE_MS } = limits;
  let reason = null;
  let abandon = () => {
  };
  const timers = /* @__PURE__ */ new Set();
  const after = (ms, act) => timers.add(setTimeout(act, ms));
  const kill = () => {
    signalAll(child, "SIGKILL");
    after(AFTER_KILL_MS, abandon);
  };
  const stop = (why) => {
    if (reason !== null) return;
    reason = why;
    if (graceMs === 0) return kill();
    signalAll(child, "SIGTERM");
    after(graceMs, kill);
  };
  const onAbort = () => stop("interrupted");
  if (signal) setMaxListeners(0, signal);
  signal?.addEventListener("abort", onAbort, { once: true });
  if (timeoutMs !== void 0) after(timeoutMs, () => stop("timeout"));
  child.on("exit", () => reason !== null && signalAll(child, "SIGKILL"));
  const closed = new Promise((resolve) => {
    abandon = () => {
      letGo(child);
      resolve(null);
    };
    child.on("close", () => resolve(null));
    child.on("error", (error) => child.pid === void 0 && resolve(error));
  });
  const ended = closed.then((startError) => {
    for (const timer of timers) clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
    if (reason !== null && signal?.aborted) throw interruptionOf(signal);
    return {
      startError,
      stopped: reason,
      exitCode: child.exitCode,
      signal: child.signalCode
    };
  });
  return { ended, stop };
}
function letGo(child) {
  for (const stream of child.stdio) stream?.destroy();
  if (child.connected) child.disconnect();
  child.unref();
}

export {
  withoutSecrets,
  startProgram,
  forkFile,
  signalAll,
  superviseChild
};
