import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
var TabGone=class extends Error{constructor(message,outOfMemory){super(message);this.outOfMemory=outOfMemory}outOfMemory};export{TabGone};
