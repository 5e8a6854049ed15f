import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import{basename,isAbsolute,relative}from"node:path";function shownPath(path,from=process.cwd()){let inside=relative(from,path);return inside.startsWith("..")||isAbsolute(inside)?basename(path):inside||"."}export{shownPath};
