import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
var SILENT={info(){},warn(){},debug(){},progress(){}};export{SILENT};
