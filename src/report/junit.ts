/** The checks as JUnit XML: a suite per model and variant, a test case per check, as CI systems read it. */

import { isEstablished } from '../judge/established.js';
import type { Report } from '../terms/report.js';
import type { CheckResult } from '../terms/verdict.js';
import { placeNamer } from './rows/rows.js';
import { checkWords } from './words/check-words.js';
import { xmlText } from './words/escape.js';
import { establishedLine, variantChecks } from './words/established.js';
import { machineNamer } from './words/machine-name.js';
import { VERDICT_WORDS } from './words/verdict-words.js';

interface Case {
  name: string;
  className: string;
  outcome: 'passed' | 'failed' | 'error' | 'skipped';
  message: string;
}

/**
 * A check that fails the run is a failure, an invalid variant an error. What can't fail it (warnings, undecided, waived,
 * skipped) is skipped with its reason: JUnit knows no other way to be neither.
 */
export function renderJUnit(report: Report): string {
  const nameOf = placeNamer(report.checks, report);
  const suites = new Map<string, Case[]>();
  const add = (model: string, variant: string, ...cases: Case[]) => {
    const name = `${model} ${variant}`;
    const suite = suites.get(name);
    if (suite) suite.push(...cases);
    else suites.set(name, cases);
  };
  for (const check of report.checks.filter(isEstablished)) add('quantgate', 'run', establishedCase(check));
  for (const model of report.models) {
    for (const variant of model.variants.filter(({ status }) => status === 'failed')) {
      add(model.name, variant.name, {
        name: 'quantize',
        className: `${model.name}.${variant.name}`,
        outcome: 'error',
        message: variant.reason ?? 'could not be made',
      });
    }
  }
  for (const check of variantChecks(report.checks)) {
    add(check.model, check.variant, caseOf(check, nameOf(check).join(' ')));
  }
  const all = [...suites.values()].flat();
  const seconds = (report.durationMs / 1000).toFixed(3);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="quantgate" ${counts(all)} time="${seconds}">`,
    ...[...suites].map(([name, cases], index) => suiteText({ name, cases }, index, report)),
    '</testsuites>',
    '',
  ].join('\n');
}

function caseOf(check: CheckResult, place: string): Case {
  const words = checkWords(check);
  const seen = words.observed === null ? '' : `${words.observed}, `;
  const interval = words.interval === null ? '' : ` (${words.interval})`;
  const reason = check.reason === null ? '' : `: ${check.reason}`;
  return {
    name: `${check.check} ${check.condition}${place === '' ? '' : ` [${place}]`}`,
    className: `${check.model}.${check.variant}`,
    outcome: outcomeOf(check),
    message: `${VERDICT_WORDS[check.verdict].word}: ${seen}allowed ${words.bound}${interval}${reason}`,
  };
}

/** The first suite: what the others rest on. */
function establishedCase(check: CheckResult): Case {
  const { subject, reason, title } = establishedLine(check);
  return {
    name: subject === '' ? check.check : `${check.check} [${subject}]`,
    className: 'quantgate.run',
    outcome: outcomeOf(check),
    message: `${VERDICT_WORDS[check.verdict].word}: ${title}. ${reason}`,
  };
}

function outcomeOf({ verdict, level }: CheckResult): Case['outcome'] {
  if (verdict === 'pass') return 'passed';
  if (level !== 'error' || verdict === 'waived') return 'skipped';
  return verdict === 'invalid' ? 'error' : 'failed';
}

function counts(cases: readonly Case[]): string {
  const count = (outcome: Case['outcome']) => cases.filter((item) => item.outcome === outcome).length;
  return `tests="${cases.length}" failures="${count('failed')}" errors="${count('error')}" skipped="${count('skipped')}"`;
}

function suiteText(suite: { name: string; cases: Case[] }, index: number, report: Report): string {
  const timestamp = report.startedAt.slice(0, 19);
  return [
    `  <testsuite id="${index}" name="${xmlText(suite.name)}" package="quantgate" ${counts(suite.cases)} time="0" timestamp="${xmlText(timestamp)}" hostname="${xmlText(machineNamer(report)(report.environment.fingerprint))}">`,
    ...suite.cases.map(caseText),
    '  </testsuite>',
  ].join('\n');
}

function caseText(item: Case): string {
  const open = `    <testcase name="${xmlText(item.name)}" classname="${xmlText(item.className)}" time="0"`;
  const message = xmlText(item.message, 1000);
  switch (item.outcome) {
    case 'passed':
      return `${open}/>`;
    case 'skipped':
      return `${open}><skipped message="${message}"/></testcase>`;
    case 'failed':
      return `${open}><failure type="threshold" message="${message}">${message}</failure></testcase>`;
    case 'error':
      return `${open}><error type="invalid" message="${message}">${message}</error></testcase>`;
  }
}
