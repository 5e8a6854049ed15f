import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  imageFolderSource,
  readImage
} from "./chunk-PB2R3WP2.js";
import "./chunk-FG2MIYHF.js";
import "./chunk-ZSTN7TD6.js";
import "./chunk-C7HEIBSS.js";
import "./chunk-TE23HD5J.js";
import "./chunk-EES34VNA.js";
import "./chunk-FQAFHBKS.js";
import "./chunk-5PWBJZJP.js";
import "./chunk-XNDQ27F5.js";
export {
  imageFolderSource,
  readImage
};
