import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
function elementCount(dims){let count=1;for(let dim of dims)count*=Number(dim);return count}export{elementCount};
