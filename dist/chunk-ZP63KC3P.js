import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  loadRuntime,
  packageIn
} from "./chunk-CR7CE2EF.js";
import "./chunk-H65EBBWF.js";
import "./chunk-UIZ46WAI.js";
import "./chunk-IYM25C4U.js";
import "./chunk-XNDQ27F5.js";
export {
  loadRuntime,
  packageIn
};
