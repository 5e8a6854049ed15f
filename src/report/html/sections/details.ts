/** The folded part of the page: every check, per model everything measured, how the files were made, on which machine. */
import type { ModelReport, Report } from '../../../terms/report.js';
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
} from '../../details/detail-facts.js';
import { evidenceOf } from '../../details/evidence.js';
import { toldByOperators } from '../../panels/operators.js';
import { htmlSentences, xmlText } from '../../words/escape.js';
import { machineNamer } from '../../words/machine-name.js';
import { modelAnchor } from '../elements/anchors.js';
import { stackedTable } from '../elements/stacked-table.js';

export function checksDetails(report: Report): string {
  if (report.checks.length === 0) return '';
  const title = report.checks.length === 1 ? 'The check' : `All ${report.checks.length} checks`;
  return fold(title, facts(checkFacts(report)));
}

function fold(summary: string, body: string): string {
  return `<details><summary>${summary}</summary>${body}</details>`;
}

function facts({ headings, rows, reasons }: Facts): string {
  return stackedTable(
    'facts',
    headings,
    rows.map((cells) => ({
      cells: cells.map((cell, at) => (at === reasons ? htmlSentences : xmlText)(cell, 400)),
    })),
  );
}

export function modelDetails(report: Report, model: ModelReport): string {
  const measurements = report.measurements.filter((item) => item.model === model.name);
  const isTold = toldByOperators(measurements);
  const placement = placementFacts(
    measurements.filter((item) => !isTold(item)),
    report,
  );
  const flips = flipFacts(measurements).map(
    ({ subject, facts: text }) => `<p><b><bdi>${xmlText(subject, 160)}</bdi></b>: ${xmlText(text, 400)}</p>`,
  );
  const evidence = evidenceOf(model, measurements).map(
    ({ subject, text, object }) =>
      `<h3><bdi>${xmlText(subject, 160)}</bdi></h3>` +
      (text === null ? '' : `<p>${xmlText(text, 2_000)}</p>`) +
      (object === null ? '' : `<pre>${xmlText(JSON.stringify(object), 20_000)}</pre>`),
  );
  return fold(
    `<bdi>${xmlText(model.name, 120)}</bdi>: all measurements, and how the files were made`,
    [
      // Within the fold, so that a link to it opens it.
      `<p class="small" id="${modelAnchor(model.name)}">${modelFacts(model)
        .map((fact) => xmlText(fact, 300))
        .join(' · ')}</p>`,
      measurements.length > 0 ? facts(measurementFacts(measurements, report)) : '',
      ...flips,
      placement === null ? '' : `<h3>Placement</h3>${facts(placement)}`,
      `<h3>Files</h3>${facts(variantFacts(model))}`,
      ...evidence,
    ].join('\n'),
  );
}

export function machines(report: Report): string {
  const all = report.environments ?? [report.environment];
  const nameOf = machineNamer(report);
  const lists = all.map((machine) => {
    const title = all.length > 1 ? `<h3>Machine ${xmlText(nameOf(machine.fingerprint), 160)}</h3>` : '';
    return `${title}<dl>${machineFacts(machine)
      .map(([name, value]) => `<dt>${name}</dt><dd>${xmlText(value, 500)}</dd>`)
      .join('')}</dl>`;
  });
  return fold(
    all.length > 1 ? 'Machines and method' : 'Machine and method',
    `${lists.join('')}<p>${METHOD}</p>`,
  );
}
