/** The thread that tokenizes: the file's regular expressions may take for ever on a text, and a thread can be ended. */
import { readFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { messageOf } from '../../../errors.js';
import { parseJson, reasonUnread } from '../../../system/files/text-file.js';
import type { EncodeOptions, Encoding, TextInput, TokenizerFacts } from './encoding.js';
import { type TokenizerConfigFile, type TokenizerFile, TokenizerModel } from './tokenizer-model.js';

/** What the thread is started with. */
export interface TokenizerFiles {
  /** Absolute path of tokenizer.json. */
  tokenizer: string;
  /** Absolute path of tokenizer_config.json; null: there is none. */
  config: string | null;
}

/** One at a time; each is answered by one reply. */
export interface TokenizeMessage {
  texts: readonly TextInput[];
  options: EncodeOptions;
}

export type TokenizeReply =
  | { kind: 'ready'; facts: TokenizerFacts }
  | { kind: 'encoded'; encodings: Encoding[] }
  /** `file`: which of the two can't be read. */
  | { kind: 'error'; file: string; message: string };

/** Reads the files, says that it is ready, and answers until it is ended. */
export function serveTokenizer(): void {
  const { tokenizer: path, config: configPath } = workerData as TokenizerFiles;
  const port = parentPort!;
  const reply = (message: TokenizeReply) => port.postMessage(message);
  let reading = path;
  try {
    const file = parseJson(readFileSync(path, 'utf8')) as TokenizerFile;
    reading = configPath ?? path;
    const config =
      configPath === null ? {} : (parseJson(readFileSync(configPath, 'utf8')) as TokenizerConfigFile);
    reading = path;
    const model = new TokenizerModel(file, config);
    port.on('message', ({ texts, options }: TokenizeMessage) => {
      try {
        reply({ kind: 'encoded', encodings: texts.map((text) => model.encode(text, options)) });
      } catch (error) {
        reply({ kind: 'error', file: path, message: messageOf(error) });
      }
    });
    reply({ kind: 'ready', facts: model.facts });
  } catch (error) {
    reply({ kind: 'error', file: reading, message: reasonUnread(error) });
  }
}
