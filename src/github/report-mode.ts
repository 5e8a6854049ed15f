/** `mode: report`: reads reports of other jobs, which nobody vouches for, merges them and posts the result. */
import type { Report } from '../report/report.js';
import type { Job } from './action.js';

export async function reportJob(job: Job): Promise<Report> {
  throw new Error(`not yet: ${job.inputs.mode}`);
}
