import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  PLAIN,
  assertRoom,
  assertVocabulary,
  oddities,
  smallest,
  tokenSource
} from "./chunk-HURHUTAD.js";
import "./chunk-2BQ5FZ24.js";
import "./chunk-XUJYCSQL.js";
import "./chunk-WWTOTCN4.js";
import "./chunk-P3SRHLMA.js";
import "./chunk-OEIIXWBO.js";
import "./chunk-D475USFB.js";
import "./chunk-K7D3JYL6.js";
import "./chunk-B4R2XIPD.js";
import "./chunk-IYM25C4U.js";
import "./chunk-XNDQ27F5.js";
export {
  PLAIN,
  assertRoom,
  assertVocabulary,
  oddities,
  smallest,
  tokenSource
};
