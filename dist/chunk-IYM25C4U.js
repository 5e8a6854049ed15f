import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);

// src/errors.ts
var UserError = class extends Error {
  name = "UserError";
};
var MachineError = class extends Error {
  name = "MachineError";
};
var Interrupted = class extends Error {
  name = "Interrupted";
};
function throwIfInterrupted(signal) {
  if (signal?.aborted) throw interruptionOf(signal);
}
function interruptionOf({ reason }) {
  return reason instanceof Interrupted ? reason : new Interrupted("interrupted");
}
var EXIT = {
  pass: 0,
  failedCheck: 1,
  userError: 2,
  machineError: 3,
  bug: 70,
  interrupted: 130
};
var EXHAUSTED = /* @__PURE__ */ new Set(["ENOSPC", "EDQUOT", "EMFILE", "ENFILE", "ENOMEM", "EIO"]);
function exitCodeOf(error) {
  if (error instanceof UserError) return EXIT.userError;
  if (error instanceof MachineError || isExhaustion(error)) return EXIT.machineError;
  if (error instanceof Interrupted) return EXIT.interrupted;
  return EXIT.bug;
}
function isExhaustion(error) {
  return EXHAUSTED.has(codeOf(error) ?? "");
}
var REFUSED = /* @__PURE__ */ new Set(["EACCES", "EPERM", "EROFS"]);
function writeError(message, error) {
  const machine = isExhaustion(error) || REFUSED.has(codeOf(error) ?? "");
  return machine ? new MachineError(message) : new UserError(message);
}
function codeOf(error) {
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : void 0;
  return typeof code === "string" ? code : void 0;
}
function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}

export {
  UserError,
  MachineError,
  Interrupted,
  throwIfInterrupted,
  interruptionOf,
  EXIT,
  exitCodeOf,
  writeError,
  codeOf,
  messageOf
};
