/** What its owners call the machine that runs this job. */

/** Longest name kept. */
const LENGTH = 100;

/**
 * The name of a self-hosted runner; of GitHub's own, whose names are another each time, what kind they are. null: no runner.
 * Variables: https://docs.github.com/en/actions/reference/workflows-and-actions/variables
 */
export function runnerName(env: NodeJS.ProcessEnv = process.env): string | null {
  const { RUNNER_NAME: name, RUNNER_ENVIRONMENT: owner, RUNNER_OS: os, RUNNER_ARCH: arch } = env;
  if (!name) return null;
  if (owner === 'github-hosted')
    return ['GitHub-hosted', os, arch].filter(Boolean).join(' ').slice(0, LENGTH);
  return name.slice(0, LENGTH);
}
