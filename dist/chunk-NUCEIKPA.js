import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import{answerRows,answersOfRow,holdsAnswers,squadRows}from"./chunk-BIEWMURS.js";import"./chunk-UW6QBJ7S.js";import"./chunk-V5VZTZJG.js";import"./chunk-XGHOU567.js";import"./chunk-ZOCXBRH6.js";export{answerRows,answersOfRow,holdsAnswers,squadRows};
