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
  return error instanceof Error && "code" in error && EXHAUSTED.has(String(error.code));
}
function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}

export {
  UserError,
  MachineError,
  Interrupted,
  EXIT,
  exitCodeOf,
  messageOf
};
