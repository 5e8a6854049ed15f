import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { renderJUnit } from '../../src/report/junit.js';
import { SAMPLES } from './sample-reports.js';

interface Case {
  '@_name': string;
  '@_classname': string;
  failure?: unknown;
  error?: unknown;
  skipped?: unknown;
}
interface Suite {
  '@_tests': string;
  '@_failures': string;
  '@_errors': string;
  '@_skipped': string;
  '@_name': string;
  '@_timestamp': string;
  testcase: Case[];
}

function parse(xml: string): { root: Record<string, string>; suites: Suite[] } {
  const isArray = (name: string) => name === 'testsuite' || name === 'testcase';
  const { testsuites } = new XMLParser({ ignoreAttributes: false, isArray }).parse(xml);
  return { root: testsuites, suites: testsuites.testsuite ?? [] };
}

describe.each(Object.entries(SAMPLES))('the JUnit XML of the %s report', (_, report) => {
  const xml = renderJUnit(report);

  it('is well-formed, with a case for every check', () => {
    expect(XMLValidator.validate(xml)).toBe(true);
    const broken = report.models.flatMap((model) =>
      model.variants.filter((variant) => variant.status === 'failed'),
    );
    const { root, suites } = parse(xml);
    const cases = suites.flatMap((suite) => suite.testcase);
    expect(cases).toHaveLength(report.checks.length + broken.length);
    expect(root['@_tests']).toBe(String(cases.length));
  });

  it('counts in its attributes what its cases say', () => {
    for (const suite of parse(xml).suites) {
      const count = (outcome: 'failure' | 'error' | 'skipped') =>
        String(suite.testcase.filter((item) => outcome in item).length);
      expect([suite['@_tests'], suite['@_failures'], suite['@_errors'], suite['@_skipped']]).toEqual([
        String(suite.testcase.length),
        count('failure'),
        count('error'),
        count('skipped'),
      ]);
      expect(suite['@_timestamp']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
      for (const item of suite.testcase) expect(item['@_name'] && item['@_classname']).toBeTruthy();
    }
  });
});

describe('the JUnit XML', () => {
  it('fails a build for failed checks of level error only', () => {
    const [suite] = parse(renderJUnit(SAMPLES.failing)).suites;
    expect(suite!.testcase.filter((item) => item.failure).map((item) => item['@_name'])).toEqual([
      'latency.p50 max-ratio [cpu]',
      'accuracy.top1 max-drop',
    ]);
    expect(suite!.testcase.filter((item) => item.skipped)).toHaveLength(1);
  });
});
