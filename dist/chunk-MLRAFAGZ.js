import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
var KEY="doubt";function withDoubt(measurement,doubt){return{...measurement,details:{...measurement.details,[KEY]:doubt}}}function doubtOf({details}){return details?.[KEY]??null}export{withDoubt,doubtOf};
