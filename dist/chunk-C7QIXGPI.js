import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
var UndecodableSample=class extends Error{constructor(id,reason){super(`${id}: ${reason}`);this.id=id;this.reason=reason}id;reason;name="UndecodableSample"};export{UndecodableSample};
