import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  bundledFile
} from "./chunk-2BQ5FZ24.js";
import {
  shownPath
} from "./chunk-XUJYCSQL.js";
import {
  sha256
} from "./chunk-WWTOTCN4.js";
import {
  quoted
} from "./chunk-P3SRHLMA.js";
import {
  allocate
} from "./chunk-K7D3JYL6.js";
import {
  UserError
} from "./chunk-IYM25C4U.js";

// src/data/text/token-feeds.ts
function fixedLength(bindings, path) {
  const dim = idsBinding(bindings, path).shape?.[1];
  return typeof dim === "number" && dim > 0 ? dim : null;
}
function idsBinding(bindings, path) {
  const found = bindings.find(({ role }) => role === "ids");
  if (found) return found;
  throw new UserError(
    `${path}: a tokenizer makes token ids, but none of the model's inputs takes them: ${quoted(bindings.map(({ input }) => input))}. Remove \`tokenizer\`.`
  );
}
function lengthOf(rows, { length }) {
  return length ?? Math.max(1, ...rows.map(({ ids }) => ids.length));
}
function fedTokens(rows, layout) {
  const length = lengthOf(rows, layout);
  const left = layout.facts.padSide === "left";
  return {
    rows,
    spread(values, per) {
      const all = new Int32Array(length * per).fill(-1);
      all.set(values, left ? all.length - values.length : 0);
      return all;
    }
  };
}
function tokenValues({ rows }, bindings, layout) {
  const { facts } = layout;
  const length = lengthOf(rows, layout);
  const values = {};
  for (const { input, role, type } of bindings) {
    if (role !== "ids" && role !== "mask" && role !== "types") continue;
    const filling = role === "ids" ? facts.padId : 0;
    const data = allocate(type, rows.length * length);
    const big = data instanceof BigInt64Array || data instanceof BigUint64Array;
    if (filling !== 0) data.fill(big ? BigInt(filling) : filling);
    rows.forEach(({ ids, typeIds }, row) => {
      const from = row * length + (facts.padSide === "left" ? length - ids.length : 0);
      for (let at = 0; at < ids.length; at++) {
        const value = role === "ids" ? ids[at] : role === "mask" ? 1 : typeIds[at];
        data[from + at] = big ? BigInt(value) : value;
      }
    });
    values[input] = { kind: "feed", tensor: { type, dims: [rows.length, length], data } };
  }
  return values;
}

// src/data/text/tokenize.ts
import { existsSync } from "node:fs";
import { Worker } from "node:worker_threads";
var DEADLINE_MS = 3e4;
var GROUP = 256;
async function tokenize(request) {
  const { tokenizer, texts, deadlineMs = DEADLINE_MS } = request;
  if (!existsSync(tokenizer))
    throw new UserError(`The tokenizer ${shownPath(tokenizer)} does not exist. Correct \`tokenizer\`.`);
  const files = { tokenizer, config: request.tokenizerConfig };
  const worker = new Worker(bundledFile("tokenizer.js"), { workerData: files, env: {} });
  try {
    const ready = await answer(worker, {
      deadlineMs,
      shown: shownPath(tokenizer),
      doing: "could not be read"
    });
    const { facts } = ready;
    const options = request.options(facts);
    const encodings = [];
    for (let from = 0; from < texts.length; from += GROUP) {
      const group = texts.slice(from, from + GROUP);
      const waiting = answer(worker, {
        deadlineMs,
        shown: shownPath(tokenizer),
        doing: `did not finish ${group.length} texts (the first is ${quotedStart(group[0])})`
      });
      worker.postMessage({ texts: group, options });
      encodings.push(...(await waiting).encodings);
    }
    return { facts, options, encodings };
  } finally {
    await worker.terminate();
  }
}
var SHOWN = 40;
function quotedStart(input) {
  const text = "words" in input ? input.words.join(" ") : input[0];
  return `'${text.length > SHOWN ? `${text.slice(0, SHOWN)}\u2026` : text}'`;
}
function answer(worker, { deadlineMs, shown, doing }) {
  return new Promise((resolve, reject) => {
    const late = () => done(
      () => reject(
        new UserError(
          `The tokenizer ${shown} ${doing} within ${deadlineMs / 1e3} s: one of its regular expressions takes too long. Use the model's own tokenizer.json.`
        )
      )
    );
    const timer = setTimeout(late, deadlineMs);
    const done = (settle) => {
      clearTimeout(timer);
      worker.removeAllListeners("message");
      worker.removeAllListeners("error");
      worker.removeAllListeners("exit");
      settle();
    };
    worker.once(
      "message",
      (reply) => done(() => {
        if (reply.kind !== "error") resolve(reply);
        else
          reject(
            new UserError(
              `${shownPath(reply.file)} can't be used as a tokenizer: ${reply.message}. It must be a tokenizer.json as Hugging Face's \`save_pretrained\` writes it.`
            )
          );
      })
    );
    worker.once("error", (error) => done(() => reject(error)));
    worker.once(
      "exit",
      (code) => done(() => reject(new Error(`the tokenizer's thread ended with code ${code}`)))
    );
  });
}

// src/data/text/token-source.ts
var PLAIN = {
  maxLength: null,
  beyond: "cut",
  overlap: 0,
  specialTokens: true,
  offsets: false
};
function tokenSource({ data, bindings, rows }) {
  const { tokenizer, tokenizerConfig, maxLength } = data.text;
  const length = fixedLength(bindings, data.path);
  if (length !== null && maxLength !== null && maxLength > length) {
    throw new UserError(
      `max-length is ${maxLength}, but the model takes rows of ${length} tokens. Set it to ${length} or less, or remove it.`
    );
  }
  const encodings = /* @__PURE__ */ new Map();
  const warnings = [...rows.warnings ?? []];
  let facts = null;
  async function settle(order) {
    const indices = [...order].filter((index) => !encodings.has(index));
    const done = await tokenize({
      tokenizer,
      tokenizerConfig,
      texts: indices.map((index) => rows.input(index)),
      options(known) {
        const plain = { ...PLAIN, maxLength: smallest(maxLength, length, known.maxLength) };
        return { ...plain, ...rows.encode?.(plain) };
      }
    });
    facts = done.facts;
    for (const [at, index] of indices.entries()) encodings.set(index, done.encodings[at]);
    assertBatch(done.encodings, {
      binding: idsBinding(bindings, data.path),
      idOf: (at) => rows.id(indices[at])
    });
    assertVocabulary(done.encodings, idsBinding(bindings, data.path), tokenizer);
    assertRoom({ facts, tokenizer, options: done.options });
    warnings.push(...oddities(done.encodings, { facts, tokenizer, options: done.options }));
  }
  return {
    description: rows.description,
    length: rows.length,
    labelled: rows.labelled,
    classes: rows.classes,
    ...rows.classIndices ? { classIndices: rows.classIndices } : {},
    ...rows.classNames ? { classNames: rows.classNames } : {},
    warnings,
    settle,
    id: rows.id,
    classOf(index) {
      const label = rows.label(index);
      return typeof label === "number" ? label : null;
    },
    hash: async (index) => sha256(Buffer.from(JSON.stringify(rows.input(index)))),
    async read(index) {
      const encoding = encodings.get(index);
      const layout = { facts, length };
      const values = tokenValues(encoding, bindings, layout);
      const sample = { values, label: rows.label(index) };
      if (!rows.annotation) return sample;
      return { ...sample, annotation: rows.annotation(index, fedTokens(encoding.rows, layout)) };
    }
  };
}
function smallest(...limits) {
  const given = limits.filter((limit) => limit !== null);
  return given.length === 0 ? null : Math.min(...given);
}
function assertBatch(encodings, { binding, idOf }) {
  const batch = binding.shape?.[0];
  if (typeof batch !== "number" || batch < 1) return;
  const long = encodings.findIndex(({ rows }) => rows.length > batch);
  if (long < 0) return;
  throw new UserError(
    `${idOf(long)} comes in ${encodings[long].rows.length} windows, but the model's batch is fixed at ${batch}: export it with a dynamic batch axis, or take longer rows (\`max-length\`).`
  );
}
function assertVocabulary(encodings, { input, tableRows }, tokenizer) {
  if (tableRows === void 0) return;
  const highest = encodings.reduce(
    (most, { rows }) => rows.reduce((found, { ids }) => ids.reduce((a, b) => Math.max(a, b), found), most),
    -1
  );
  if (highest < tableRows) return;
  throw new UserError(
    `The tokenizer ${shownPath(tokenizer)} gives token ${highest}, but the vocabulary that the model's input '${input}' looks up ends at ${tableRows - 1}: it is another model's tokenizer.`
  );
}
function assertRoom({ facts, tokenizer, options }) {
  const { maxLength, specialTokens } = options;
  if (maxLength === null || !specialTokens || maxLength > facts.added) return;
  throw new UserError(
    `Rows of ${maxLength} tokens leave no room for a text: the tokenizer ${shownPath(tokenizer)} adds ${facts.added} of its own. Correct \`max-length\`.`
  );
}
function oddities(encodings, { facts, tokenizer, options }) {
  const found = [];
  const cut = encodings.filter((encoding) => encoding.cut > 0).length;
  if (cut > 0)
    found.push(
      `${cut} of ${encodings.length} texts are longer than ${options.maxLength} tokens: they are cut.`
    );
  if (options.specialTokens && facts.notAdded.length > 0) {
    const tokens = facts.notAdded.join(" and ");
    found.push(
      `The tokenizer ${shownPath(tokenizer)} has ${tokens}, but adds them to no text: if the model was trained with them, its tokenizer.json lacks its \`post_processor\`.`
    );
  }
  return found;
}

export {
  fixedLength,
  idsBinding,
  tokenValues,
  tokenize,
  PLAIN,
  tokenSource,
  smallest,
  assertVocabulary,
  assertRoom,
  oddities
};
