import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);

// src/process-alive.ts
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

export {
  isAlive
};
