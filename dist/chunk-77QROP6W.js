import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import{convertPathToPattern,escapePath,glob,globSync,isDynamicPattern}from"./chunk-BEAKYUNQ.js";import"./chunk-ZOCXBRH6.js";export{convertPathToPattern,escapePath,glob,globSync,isDynamicPattern};
