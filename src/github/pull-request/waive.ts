/**
 * The waive label: lets a pull request pass with failed checks. It counts when someone with write permission set it
 * after the last push, and it is still set.
 */
import { isEstablished } from '../../judge/established.js';
import { runVerdict } from '../../judge/judge.js';
import type { Measurement } from '../../terms/measurement.js';
import type { Report } from '../../terms/report.js';
import type { CheckResult } from '../../terms/verdict.js';
import type { Api } from '../api/api.js';
import { explainFault, statusOf } from '../api/faults.js';
import type { LabelEvent } from '../event/context.js';
import type { CommentTarget } from './comment.js';

/** Of runs whose event says nothing about the pull request: no label holds there. */
export const UNKNOWN_EVENT: LabelEvent = { action: null, label: null, sender: null, at: null };

export type Waive =
  | { granted: true; by: string; at: string | null }
  /** `reason`: one sentence; null: nobody set the label. */
  | { granted: false; reason: string | null };

/** Asks GitHub. `event` null: the push was before, whenever the label was set. Never throws: what can't be found out is not granted. */
export async function findWaive(
  api: Api,
  target: CommentTarget,
  { label, event }: { label: string; event: LabelEvent | null },
): Promise<Waive> {
  try {
    const set = await lastSet(api, target, label);
    if (!set) return { granted: false, reason: null };
    const late = event ? setAfterPush(set, label, event) : true;
    if (!late) {
      const reason = 'It is not known to be set after the last push. Take it off and set it again.';
      return { granted: false, reason };
    }
    if (!(await mayWrite(api, target, set.by))) {
      return { granted: false, reason: `The label was set by ${set.by}, who has no write permission.` };
    }
    return { granted: true, ...set };
  } catch (error) {
    return {
      granted: false,
      reason: explainFault(error, 'read who set the waive label', 'pull-requests: read'),
    };
  }
}

/**
 * The report with every failed check of level error waived, and the verdict that follows. What is not established stays: whoever set the
 * label judged figures, and can't know which commit or base they are of. So does a verdict that is worse than its checks.
 */
export function applyWaive(report: Report, waive: { by: string; at: string | null }, label: string): Report {
  const when = waive.at ? ` on ${waive.at.slice(0, 10)}` : '';
  const reason = `waived by ${waive.by}${when} with the label ${label}`;
  const checks = report.checks.map((check): CheckResult => {
    if (!isWaivable(check)) return check;
    return { ...check, verdict: 'waived', reason: check.reason ? `${check.reason} (${reason})` : reason };
  });
  const measurements = report.measurements as Measurement[];
  const decidedByChecks = report.verdict === runVerdict(report.checks, measurements);
  return { ...report, checks, verdict: decidedByChecks ? runVerdict(checks, measurements) : report.verdict };
}

/** Whether the label changes anything about this result. */
export function isWaivable(check: Pick<CheckResult, 'metric' | 'level' | 'verdict'>): boolean {
  const counts = check.level === 'error' && check.verdict !== 'pass' && check.verdict !== 'waived';
  return counts && !isEstablished(check);
}

interface SetLabel {
  by: string;
  at: string;
}

/** Who set the label last; null when nobody did, or it was taken off again. */
async function lastSet(
  api: Api,
  { owner, repo, number }: CommentTarget,
  label: string,
): Promise<SetLabel | null> {
  const events = await api.paginate(api.rest.issues.listEventsForTimeline, {
    owner,
    repo,
    issue_number: number,
    per_page: 100,
  });
  let set: SetLabel | null = null;
  for (const event of events) {
    if (event.event !== 'labeled' && event.event !== 'unlabeled') continue;
    const {
      label: named,
      actor,
      created_at: at,
    } = event as unknown as {
      label?: { name?: string };
      actor?: { login?: string } | null;
      created_at: string;
    };
    // GitHub compares label names without case.
    if (named?.name?.toLowerCase() !== label.toLowerCase()) continue;
    set = event.event === 'labeled' && actor?.login ? { by: actor.login, at } : null;
  }
  return set;
}

/**
 * Commit dates are the author's to choose, so they don't count. The event of this run does: it carries the commit that
 * is measured. Either it is the setting of the label itself, or it is the push, and the label was set later than that.
 */
function setAfterPush(set: SetLabel, label: string, event: LabelEvent): boolean {
  if (event.action === 'labeled' && event.label?.toLowerCase() === label.toLowerCase()) {
    return event.sender === set.by;
  }
  const isPush = ['opened', 'synchronize', 'reopened'].includes(event.action ?? '');
  return isPush && event.at !== null && Date.parse(set.at) > Date.parse(event.at);
}

/** GitHub knows no permission of apps and of people outside: they can't waive. */
async function mayWrite(api: Api, { owner, repo }: CommentTarget, username: string): Promise<boolean> {
  try {
    const { data } = await api.rest.repos.getCollaboratorPermissionLevel({ owner, repo, username });
    return data.permission === 'admin' || data.permission === 'write';
  } catch (error) {
    if (statusOf(error) === 404) return false;
    throw error;
  }
}
