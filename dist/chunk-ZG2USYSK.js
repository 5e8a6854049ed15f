import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
var begun=new Set,told=null;function unfinished(path){begun.has(path)||(begun.add(path),told?.(path))}function tellUnfinished(tell){told=tell;for(let path of begun)tell(path)}export{unfinished,tellUnfinished};
