import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  imageFolderSource,
  readImage,
  unreadable
} from "./chunk-XJOARHLR.js";
import "./chunk-OVDXB75C.js";
import "./chunk-AFAWG3BD.js";
import "./chunk-QVHRYC6U.js";
import "./chunk-VPQXPBZ4.js";
import "./chunk-WWTOTCN4.js";
import "./chunk-7IRN5ITH.js";
import "./chunk-57WIVW7N.js";
import "./chunk-DFCMXZVG.js";
import "./chunk-452KY5UG.js";
import "./chunk-IYM25C4U.js";
import "./chunk-XNDQ27F5.js";
export {
  imageFolderSource,
  readImage,
  unreadable
};
