/** A comparison of two reports as GitHub Markdown. */
import type { Facts } from '../details/detail-facts.js';
import { table } from '../markdown/rows.js';
import { markdownText } from '../words/escape.js';
import { OVERALL_WORDS, WORSE_WORDS } from '../words/verdict-words.js';
import type { Comparison } from './comparison.js';
import { type ComparisonSection, comparisonWords } from './words.js';

const CELL_LENGTH = 200;

export function comparisonMarkdown(comparison: Comparison): string {
  const { sign, title, sides, sections } = comparisonWords(comparison);
  const blocks = [
    `### ${(sign === 'worse' ? WORSE_WORDS : OVERALL_WORDS[sign]).symbol} quantgate, compared: ${markdownText(title, 300)}`,
    sides.map(([label, text]) => `- **${label}**: ${markdownText(text, 500)}`).join('\n'),
    ...sections.map(sectionText),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function sectionText({ title, lines, table: facts }: ComparisonSection): string {
  const parts = [
    `#### ${title}`,
    ...(facts === null ? [] : [factsTable(facts)]),
    ...(lines.length === 0 ? [] : [lines.map((line) => `- ${markdownText(line, 600)}`).join('\n')]),
  ];
  return parts.join('\n\n');
}

function factsTable({ headings, rows }: Facts): string {
  const cells = rows.map((row) => row.map((cell) => markdownText(cell, CELL_LENGTH)));
  const { head, rows: lines } = table(headings, cells);
  return [head, ...lines].join('\n');
}
