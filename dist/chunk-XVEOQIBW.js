import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  answerRows,
  answersOfRow,
  holdsAnswers,
  squadRows
} from "./chunk-GXBV5QYC.js";
import "./chunk-XMXQBFJC.js";
import "./chunk-XUJYCSQL.js";
import "./chunk-IYM25C4U.js";
import "./chunk-XNDQ27F5.js";
export {
  answerRows,
  answersOfRow,
  holdsAnswers,
  squadRows
};
