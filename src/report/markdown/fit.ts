/** Keeps a text within a byte limit by leaving out whole items of its sections, and says what was left out. */
import { countOf } from '../words/format.js';

export interface Section {
  kind: 'rows' | 'checks' | 'notes' | 'details';
  /** Stands before the items; left out with the last of them. */
  head: string;
  /** Each whole: a table row, a list item, a `<details>` element. */
  items: string[];
  /** Indices of `items`, the one to keep longest first. Default: in order. */
  priority?: number[];
  join: string;
  /** Of the bytes that are left, how many this section may take when not everything fits. Default: all. */
  share?: number;
}

export interface FitOptions {
  /** Paragraphs; when even these are too much the first ones stay. */
  head: string[];
  foot: string;
  /** Earlier sections are served first. */
  sections: Section[];
  /** UTF-8. */
  maxBytes: number;
  /** Where the whole is found, as Markdown. */
  summary: string;
}

/** Room for the pointer's counts, which aren't known until the end. */
const POINTER_BYTES = 200;

const LEFT_OUT: Record<Section['kind'], (count: number) => string> = {
  rows: (count) => countOf(count, 'row'),
  checks: (count) => countOf(count, 'check'),
  notes: (count) => countOf(count, 'note'),
  details: (count) => countOf(count, 'section of details', 'sections of details'),
};

/** The text: whole when it fits, else with as many items as fit, worst-priority items gone first. */
export function fitSections(options: FitOptions): string {
  const sections = options.sections.filter((section) => section.items.length > 0);
  const everything = sections.map((section) => section.items.map((_, index) => index));
  const whole = assemble(options, sections, everything);
  if (Buffer.byteLength(whole) <= options.maxBytes) return whole;

  let used =
    Buffer.byteLength(
      assemble(
        options,
        sections,
        sections.map(() => []),
      ),
    ) + POINTER_BYTES;
  const kept = sections.map((section) => {
    const limit = used + (options.maxBytes - used) * (section.share ?? 1);
    const headBytes = Buffer.byteLength(`\n\n${section.head}\n`);
    const chosen: number[] = [];
    let size = headBytes;
    for (const item of section.priority ?? section.items.keys()) {
      const bytes = Buffer.byteLength(section.items[item]! + section.join);
      if (used + size + bytes <= limit) {
        size += bytes;
        chosen.push(item);
      } else if (section.kind !== 'details') {
        // A smaller row further down would leave holes; details are independent of one another.
        break;
      }
    }
    if (chosen.length > 0) used += size;
    return chosen.sort((a, b) => a - b);
  });
  const fitted = assemble(options, sections, kept);
  return Buffer.byteLength(fitted) <= options.maxBytes ? fitted : opening(options);
}

/** For limits that leave no room for sections: as many of the first paragraphs as fit. */
function opening({ head, maxBytes }: FitOptions): string {
  for (let count = head.length; count > 0; count--) {
    const text = `${head.slice(0, count).join('\n\n')}\n`;
    if (Buffer.byteLength(text) <= maxBytes) return text;
  }
  return '';
}

function assemble(options: FitOptions, sections: readonly Section[], kept: readonly number[][]): string {
  const blocks = [...options.head];
  const missing: string[] = [];
  sections.forEach((section, index) => {
    const items = kept[index]!.map((item) => section.items[item]!);
    const left = section.items.length - items.length;
    if (left > 0) missing.push(LEFT_OUT[section.kind](left));
    if (items.length > 0)
      blocks.push([...(section.head ? [section.head] : []), items.join(section.join)].join('\n'));
  });
  if (missing.length > 0) {
    blocks.push(
      `> ✂️ Left out to fit the size limit: ${missing.join(', ')}. The whole report is in ${options.summary} and in the report files.`,
    );
  }
  blocks.push(options.foot);
  return `${blocks.join('\n\n')}\n`;
}
