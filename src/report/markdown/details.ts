/** The folded part of the Markdown report: per model everything measured, how the files were made, and on which machine. */

import type { Environment, ModelReport, Report } from '../../terms/report.js';
import {
  checkFacts,
  type Facts,
  flipFacts,
  METHOD,
  machineFacts,
  measurementFacts,
  modelFacts,
  placementFacts,
  variantFacts,
} from '../details/detail-facts.js';
import { evidenceOf } from '../details/evidence.js';
import { markdownCode, markdownSentences, markdownText } from '../words/escape.js';
import { formatTime, formatValue } from '../words/format.js';
import { machineNamer } from '../words/machine-name.js';
import { table } from './rows.js';

/** Code points of a cell, and of a provenance or details object; the JSON report holds them whole. */
const CELL_LENGTH = 200;
const OBJECT_LENGTH = 800;

/** Blank lines around the body: without them GitHub reads it as HTML. */
export function details(summary: string, body: readonly string[]): string {
  return `<details><summary>${summary}</summary>\n\n${body.join('\n\n')}\n\n</details>`;
}

function factsTable(facts: Facts): string {
  const rows = facts.rows.map((cells) =>
    cells.map((cell, at) => (at === facts.reasons ? markdownSentences : markdownText)(cell, CELL_LENGTH)),
  );
  const { head, rows: lines } = table(facts.headings, rows);
  return [head, ...lines].join('\n');
}

function list(lines: readonly string[]): string[] {
  return lines.length > 0 ? [lines.join('\n')] : [];
}

export function checksDetails(report: Report): string {
  return details(report.checks.length === 1 ? 'The check' : `All ${report.checks.length} checks`, [
    factsTable(checkFacts(report)),
  ]);
}

export function modelDetails(report: Report, model: ModelReport): string {
  const measurements = report.measurements.filter((item) => item.model === model.name);
  const placement = placementFacts(measurements, report);
  return details(`<b>${markdownText(model.name, 120)}</b>: all measurements, and how the files were made`, [
    modelFacts(model)
      .map((fact) => markdownText(fact, CELL_LENGTH))
      .join(' · '),
    ...(measurements.length > 0 ? [factsTable(measurementFacts(measurements, report))] : []),
    ...list(
      flipFacts(measurements).map(
        ({ subject, facts }) => `- **${markdownText(subject, 160)}**: ${markdownText(facts, 400)}`,
      ),
    ),
    ...(placement === null ? [] : [factsTable(placement)]),
    factsTable(variantFacts(model)),
    ...list(
      evidenceOf(model, measurements).map(({ subject, text, object }) =>
        [
          `- **${markdownText(subject, 160)}**${object === null ? ':' : ''}`,
          text === null ? null : markdownText(text, OBJECT_LENGTH),
          object === null ? null : markdownCode(JSON.stringify(object), OBJECT_LENGTH),
        ]
          .filter((part) => part !== null)
          .join(' '),
      ),
    ),
  ]);
}

export function environmentDetails(report: Report): string {
  const machines = report.environments ?? [report.environment];
  const nameOf = machineNamer(report);
  return details(machines.length > 1 ? 'Machines and method' : 'Machine and method', [
    ...machines.map((machine) =>
      machineList(machine, machines.length > 1 ? nameOf(machine.fingerprint) : null),
    ),
    METHOD,
    `Run started ${formatTime(report.startedAt)}, took ${formatValue(report.durationMs, 'ms')}.`,
  ]);
}

function machineList(machine: Environment, name: string | null): string {
  const title = name === null ? '' : `**Machine ${markdownText(name, 160)}**\n\n`;
  return (
    title +
    machineFacts(machine)
      .map(([name, value]) => `- ${name}: ${markdownText(value, 300)}`)
      .join('\n')
  );
}
