/** The report as one HTML file. */
import { xmlText } from './escape.js';
import type { Report } from './report.js';
import { renderTerminal } from './terminal.js';

export function renderHtml(report: Report): string {
  return `<!doctype html><meta charset="utf-8"><title>quantgate</title><pre>${xmlText(renderTerminal(report), 1e6)}</pre>`;
}
