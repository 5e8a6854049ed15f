/** Reads and validates a report file. */
import { readFileSync } from 'node:fs';
import { messageOf, UserError } from '../errors.js';
import { validateReport } from '../report/schema.js';
import type { Report } from '../terms/report.js';

/** The report in a quantgate-report.json. @throws UserError for a file that can't be read or is no report. */
export function readReport(path: string): Report {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new UserError('report.unreadable', `Report ${path} can't be read: ${messageOf(error)}.`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UserError('report.unreadable', `Report ${path} is not JSON: ${messageOf(error)}.`);
  }
  try {
    return validateReport(value);
  } catch (error) {
    throw error instanceof UserError ? error.withMessage(`Report ${path}: ${error.message}`) : error;
  }
}
