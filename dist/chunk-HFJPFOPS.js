import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  imageFolderSource,
  readImage
} from "./chunk-WIXVRNYH.js";
import "./chunk-2TWY7WQN.js";
import "./chunk-LFZTXC22.js";
import "./chunk-C7HEIBSS.js";
import "./chunk-TE23HD5J.js";
import "./chunk-WE4MFDGF.js";
import "./chunk-DVVUUUNP.js";
import "./chunk-HCMXGMTG.js";
import "./chunk-KJWZXA2F.js";
import "./chunk-XNDQ27F5.js";
export {
  imageFolderSource,
  readImage
};
