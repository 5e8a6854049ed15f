import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
function floatsOf({type,data}){if(!(data instanceof Float32Array))throw new Error(`a tensor of ${type} where float32 was expected`);return data}export{floatsOf};
