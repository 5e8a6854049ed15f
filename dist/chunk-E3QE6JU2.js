import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
function browserText({product,sandboxed,adapter}){return[product,...sandboxed?[]:["without its sandbox, for quantgate runs as root"],...adapter?[`WebGPU on ${adapter.name}${adapter.software?" (software)":""}`]:[]].join(", ")}export{browserText};
