/** The checks as JUnit XML: a suite per model and variant, a test case per check, as CI systems read it. */
import type { CheckResult } from '../judge/verdict.js';
import { checkWords } from './check-words.js';
import { xmlText } from './escape.js';
import type { Report } from './report.js';
import { placeNamer } from './rows.js';
import { VERDICT_WORDS } from './verdict-words.js';

interface Case {
  name: string;
  className: string;
  outcome: 'passed' | 'failed' | 'error' | 'skipped';
  message: string;
}

/**
 * Failed checks of level error are failures, invalid variants errors. What can't fail a build (warnings, inconclusive,
 * waived, skipped) is skipped with its reason: JUnit knows no other way to be neither.
 */
export function renderJUnit(report: Report): string {
  const nameOf = placeNamer(report.checks);
  const suites = report.models.flatMap((model) =>
    model.variants
      .map((variant) => ({
        name: `${model.name} ${variant.name}`,
        cases: [
          ...(variant.status === 'failed'
            ? [
                {
                  name: 'quantize',
                  className: `${model.name}.${variant.name}`,
                  outcome: 'error' as const,
                  message: variant.reason ?? 'could not be made',
                },
              ]
            : []),
          ...report.checks
            .filter((check) => check.model === model.name && check.variant === variant.name)
            .map((check) => caseOf(check, nameOf(check).join(' '))),
        ],
      }))
      .filter((suite) => suite.cases.length > 0),
  );
  const all = suites.flatMap((suite) => suite.cases);
  const seconds = (report.durationMs / 1000).toFixed(3);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="quantgate" ${counts(all)} time="${seconds}">`,
    ...suites.map((suite, index) => suiteText(suite, index, report)),
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

function outcomeOf(check: CheckResult): Case['outcome'] {
  if (check.verdict === 'pass') return 'passed';
  if (check.level !== 'error') return 'skipped';
  if (check.verdict === 'invalid') return 'error';
  return check.verdict === 'fail' ? 'failed' : 'skipped';
}

function counts(cases: readonly Case[]): string {
  const count = (outcome: Case['outcome']) => cases.filter((item) => item.outcome === outcome).length;
  return `tests="${cases.length}" failures="${count('failed')}" errors="${count('error')}" skipped="${count('skipped')}"`;
}

function suiteText(suite: { name: string; cases: Case[] }, index: number, report: Report): string {
  const timestamp = report.startedAt.slice(0, 19);
  return [
    `  <testsuite id="${index}" name="${xmlText(suite.name)}" package="quantgate" ${counts(suite.cases)} time="0" timestamp="${xmlText(timestamp)}" hostname="${xmlText(report.environment.fingerprint)}">`,
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
