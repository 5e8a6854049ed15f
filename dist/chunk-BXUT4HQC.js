import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  PLAIN,
  assertRoom,
  assertVocabulary,
  fixedLength,
  idsBinding,
  oddities,
  smallest,
  tokenValues,
  tokenize
} from "./chunk-HURHUTAD.js";
import "./chunk-2BQ5FZ24.js";
import "./chunk-XUJYCSQL.js";
import {
  sha256
} from "./chunk-WWTOTCN4.js";
import "./chunk-P3SRHLMA.js";
import "./chunk-OEIIXWBO.js";
import "./chunk-D475USFB.js";
import "./chunk-K7D3JYL6.js";
import "./chunk-B4R2XIPD.js";
import {
  UserError
} from "./chunk-IYM25C4U.js";
import "./chunk-XNDQ27F5.js";

// src/data/text/windows.ts
async function windowSource({ data, bindings, rows }) {
  const { tokenizer, tokenizerConfig, maxLength } = data.text;
  const length = fixedLength(bindings, data.path);
  const texts = Array.from({ length: rows.length }, (_, index) => rows.input(index));
  if (texts.some((text) => "words" in text || text.length > 1))
    throw new UserError(
      `${data.path}: a language model reads texts one by one, not in pairs or words. Name the column: \`text: NAME\`.`
    );
  const { facts, encodings, options } = await tokenize({
    tokenizer,
    tokenizerConfig,
    texts,
    options(known) {
      const longest = smallest(maxLength, length, known.maxLength);
      return { ...PLAIN, maxLength: longest, beyond: "windows", overlap: Math.floor((longest ?? 0) / 2) };
    }
  });
  assertRoom({ facts, tokenizer, options });
  assertVocabulary(encodings, idsBinding(bindings, data.path), tokenizer);
  const windows = encodings.flatMap(
    (encoding, index) => windowsOf(encoding.rows, { id: rows.id(index), text: texts[index][0], facts })
  );
  return {
    description: rows.description,
    length: windows.length,
    labelled: false,
    classes: null,
    warnings: oddities(encodings, { facts, tokenizer, options }),
    id: (index) => windows[index].id,
    hash: async (index) => sha256(new Uint8Array(windows[index].row.ids.buffer)),
    async read(index) {
      const { row, from, bytes } = windows[index];
      const layout = { facts, length };
      const padding = facts.padSide === "left" && length !== null ? length - row.ids.length : 0;
      return {
        values: tokenValues({ rows: [row], cut: 0 }, bindings, layout),
        label: null,
        annotation: { kind: "window", from: padding + from, to: padding + row.ids.length, bytes }
      };
    }
  };
}
function windowsOf(rows, { id, text, facts }) {
  const ends = rows.map(({ first, ids }) => first + ids.length - facts.added);
  const bytesPerToken = Buffer.byteLength(text) / Math.max(1, ends.at(-1));
  return rows.map((row, at) => {
    const known = at === 0 ? 0 : ends[at - 1];
    return {
      id: rows.length === 1 ? id : `${id}, window ${at + 1}`,
      row,
      // Of the first window the first token has nothing before it, unless the tokenizer puts something there.
      from: at === 0 ? Math.max(1, facts.before) : facts.before + known - row.first,
      bytes: (ends[at] - known) * bytesPerToken
    };
  });
}
export {
  windowSource
};
