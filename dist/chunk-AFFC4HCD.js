import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  loadRuntime
} from "./chunk-QD3HC6WY.js";
import "./chunk-NFGYSGE3.js";
import "./chunk-UIZ46WAI.js";
import "./chunk-5PWBJZJP.js";
import "./chunk-XNDQ27F5.js";
export {
  loadRuntime
};
