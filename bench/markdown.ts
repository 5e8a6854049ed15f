/** Tables as the documents hold them. */

/** One line of at most `length` characters that breaks no table. */
export function shortened(text: string, length: number): string {
  const line = text.replaceAll('|', '/').replaceAll(/\s+/g, ' ');
  return line.length > length ? `${line.slice(0, length)}…` : line;
}

export function asTable(header: readonly string[], rows: readonly string[][]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}
