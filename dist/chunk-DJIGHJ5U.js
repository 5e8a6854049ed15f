import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import{codeOf}from"./chunk-XGHOU567.js";function isAlive(pid){try{return process.kill(pid,0),!0}catch(error){return codeOf(error)==="EPERM"}}export{isAlive};
