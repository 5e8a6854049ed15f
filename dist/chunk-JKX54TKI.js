import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import{createHash}from"node:crypto";import{createReadStream}from"node:fs";import{pipeline}from"node:stream/promises";async function sha256OfFile(path){let hash=createHash("sha256");return await pipeline(createReadStream(path),hash),hash.digest("hex")}export{sha256OfFile};
