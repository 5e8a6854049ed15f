import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  installedRuntime,
  loadRuntime,
  packageIn
} from "./chunk-N65VB3OY.js";
import "./chunk-LOF5LS5W.js";
import "./chunk-IOOXQZY3.js";
import "./chunk-UIZ46WAI.js";
import "./chunk-IYM25C4U.js";
import "./chunk-XNDQ27F5.js";
export {
  installedRuntime,
  loadRuntime,
  packageIn
};
