import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import{answerRows,answersOfRow,holdsAnswers,squadRows}from"./chunk-FNWJZ42L.js";import"./chunk-HH3ZXPP6.js";import"./chunk-C6U3L5OW.js";import"./chunk-XGHOU567.js";import"./chunk-ZOCXBRH6.js";export{answerRows,answersOfRow,holdsAnswers,squadRows};
