import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  loadRuntime
} from "./chunk-BRMWBPFA.js";
import "./chunk-UUM24PK2.js";
import "./chunk-LXM5IL34.js";
export {
  loadRuntime
};
