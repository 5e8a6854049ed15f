/** Entry: the thread that tokenizes texts (src/data/text/tokenizer-thread.ts). */
import { serveTokenizer } from './data/text/tokenizer-thread.js';

serveTokenizer();
