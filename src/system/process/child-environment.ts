/** What the processes that we start know of the job: everything but its secrets and the files that change its later steps. */

/** Inputs of the action (its token is one), and the keys to the runner's services: artifacts, caches, OpenID Connect tokens. */
const SECRET_PREFIX = /^(INPUT|ACTIONS)_/;

const SECRETS: ReadonlySet<string> = new Set([
  'GITHUB_TOKEN',
  'GH_TOKEN',
  'GITHUB_ENTERPRISE_TOKEN',
  'GH_ENTERPRISE_TOKEN',
  // Files of the runner: a line appended there sets a variable, a PATH, an output, a state or a summary of the steps that follow.
  'GITHUB_ENV',
  'GITHUB_PATH',
  'GITHUB_OUTPUT',
  'GITHUB_STATE',
  'GITHUB_STEP_SUMMARY',
]);

/**
 * A copy of `environment` without the job's secrets; `keep` names those that the program is meant to have. It keeps what a job leaves
 * lying about from being read or used by accident; it is no sandbox: whoever runs as the same user can look into our own process.
 */
export function withoutSecrets(
  environment: NodeJS.ProcessEnv = process.env,
  { keep = [] }: { keep?: readonly string[] } = {},
): NodeJS.ProcessEnv {
  const isSecret = (name: string) => SECRET_PREFIX.test(name) || SECRETS.has(name);
  return Object.fromEntries(
    // Windows does not tell capital letters from small ones.
    Object.entries(environment).filter(([name]) => keep.includes(name) || !isSecret(name.toUpperCase())),
  );
}
