import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  loadRuntime
} from "./chunk-GPVWL33Q.js";
import "./chunk-YC7K7OFJ.js";
import "./chunk-LXM5IL34.js";
export {
  loadRuntime
};
