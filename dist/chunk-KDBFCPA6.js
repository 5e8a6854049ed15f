import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  loadRuntime
} from "./chunk-3AIFXTD7.js";
import "./chunk-TU7INXSX.js";
import "./chunk-UIZ46WAI.js";
import "./chunk-KJWZXA2F.js";
import "./chunk-XNDQ27F5.js";
export {
  loadRuntime
};
