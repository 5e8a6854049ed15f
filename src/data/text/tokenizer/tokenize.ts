/** Texts become rows of token ids, by a thread that is ended when it takes too long. */
import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { UserError } from '../../../errors.js';
import { shownPath } from '../../../system/files/shown-path.js';
import { bundledFile } from '../../../system/process/bundled-file.js';
import type { EncodeOptions, Encoding, TextInput, TokenizerFacts } from './encoding.js';
import type { TokenizeMessage, TokenizeReply, TokenizerFiles } from './tokenizer-thread.js';

/** Time for the files, and for each group of texts: far more than any honest tokenizer takes. */
const DEADLINE_MS = 30_000;
/** Texts that are sent at once. */
const GROUP = 256;

export interface TokenizeRequest {
  /** Absolute path of tokenizer.json. */
  tokenizer: string;
  /** Absolute path of tokenizer_config.json; null: there is none. */
  tokenizerConfig: string | null;
  texts: readonly TextInput[];
  /** Settled when the tokenizer is known. */
  options(facts: TokenizerFacts): EncodeOptions;
  deadlineMs?: number;
}

export interface Tokenized {
  facts: TokenizerFacts;
  options: EncodeOptions;
  /** One per text. */
  encodings: Encoding[];
}

/** Throws UserError: files that can't be read, or time that is up. */
export async function tokenize(request: TokenizeRequest): Promise<Tokenized> {
  const { tokenizer, texts, deadlineMs = DEADLINE_MS } = request;
  if (!existsSync(tokenizer))
    throw new UserError(
      'data.tokenizer-file',
      `The tokenizer ${shownPath(tokenizer)} does not exist. Correct \`tokenizer\`.`,
    );
  const files: TokenizerFiles = { tokenizer, config: request.tokenizerConfig };
  const worker = new Worker(bundledFile('tokenizer.js'), { workerData: files, env: {} });
  try {
    const ready = await answer(worker, {
      deadlineMs,
      shown: shownPath(tokenizer),
      doing: 'could not be read',
    });
    const { facts } = ready as Extract<TokenizeReply, { kind: 'ready' }>;
    const options = request.options(facts);
    const encodings: Encoding[] = [];
    for (let from = 0; from < texts.length; from += GROUP) {
      const group = texts.slice(from, from + GROUP);
      const waiting = answer(worker, {
        deadlineMs,
        shown: shownPath(tokenizer),
        doing: `did not finish ${group.length} texts (the first is ${quotedStart(group[0]!)})`,
      });
      worker.postMessage({ texts: group, options } satisfies TokenizeMessage);
      encodings.push(...((await waiting) as Extract<TokenizeReply, { kind: 'encoded' }>).encodings);
    }
    return { facts, options, encodings };
  } finally {
    await worker.terminate();
  }
}

const SHOWN = 40;

function quotedStart(input: TextInput): string {
  const text = 'words' in input ? input.words.join(' ') : input[0];
  return `'${text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text}'`;
}

interface Waiting {
  deadlineMs: number;
  shown: string;
  doing: string;
}

/** The thread's next message. */
function answer(worker: Worker, { deadlineMs, shown, doing }: Waiting): Promise<TokenizeReply> {
  return new Promise((resolve, reject) => {
    const late = () =>
      done(() =>
        reject(
          new UserError(
            'data.tokenizer-file',
            `The tokenizer ${shown} ${doing} within ${deadlineMs / 1000} s: one of its regular expressions takes too long. Use the model's own tokenizer.json.`,
          ),
        ),
      );
    const timer = setTimeout(late, deadlineMs);
    const done = (settle: () => void) => {
      clearTimeout(timer);
      worker.removeAllListeners('message');
      worker.removeAllListeners('error');
      worker.removeAllListeners('exit');
      settle();
    };
    worker.once('message', (reply: TokenizeReply) =>
      done(() => {
        if (reply.kind !== 'error') resolve(reply);
        else
          reject(
            new UserError(
              'data.tokenizer-file',
              `${shownPath(reply.file)} can't be used as a tokenizer: ${reply.message}. It must be a tokenizer.json as Hugging Face's \`save_pretrained\` writes it.`,
            ),
          );
      }),
    );
    worker.once('error', (error) => done(() => reject(error)));
    worker.once('exit', (code) =>
      done(() => reject(new Error(`the tokenizer's thread ended with code ${code}`))),
    );
  });
}
