import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
function indexOfMaximum(values,from=0,to=values.length){let best=from;for(let at=from+1;at<to;at++)values[at]>values[best]&&(best=at);return best-from}export{indexOfMaximum};
