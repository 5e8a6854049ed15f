import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import{installedRuntime,loadRuntime,packageIn}from"./chunk-N6NQPVLJ.js";import"./chunk-2EBKJ6PD.js";import"./chunk-5LWGDB6L.js";import"./chunk-XGHOU567.js";import"./chunk-ZOCXBRH6.js";export{installedRuntime,loadRuntime,packageIn};
