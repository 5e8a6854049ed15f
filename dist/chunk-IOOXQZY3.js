import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);

// src/terms/provider.ts
function runsOnCpu(provider) {
  return provider === "cpu" || provider === "wasm";
}

export {
  runsOnCpu
};
