/** Entry: the thread that tokenizes texts (src/data/text/tokenizer/tokenizer-thread.ts). */
import { serveTokenizer } from './data/text/tokenizer/tokenizer-thread.js';

serveTokenizer();
