/** A job's secrets as the runner and workflows put them into the environment, and what a child process must still see. */

export const SECRETS = {
  INPUT_TOKEN: 'secret',
  'INPUT_ONNXRUNTIME-PATH': 'an input',
  ACTIONS_RUNTIME_TOKEN: 'secret',
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'secret',
  GITHUB_TOKEN: 'secret',
  GH_TOKEN: 'secret',
  GITHUB_ENV: '/runner/set_env',
  GITHUB_PATH: '/runner/add_path',
  GITHUB_OUTPUT: '/runner/set_output',
  GITHUB_STATE: '/runner/save_state',
  GITHUB_STEP_SUMMARY: '/runner/step_summary',
};

/** The runner finds what a cancelled job left running by RUNNER_TRACKING_ID. */
export const HARMLESS = {
  GITHUB_SHA: 'f00',
  GITHUB_WORKSPACE: '/work',
  RUNNER_TEMP: process.env.RUNNER_TEMP ?? '/tmp',
  RUNNER_TRACKING_ID: 'github_1',
  OWN_SETTING: 'kept',
};

const JOB_VARIABLES: readonly string[] = Object.keys({ ...SECRETS, ...HARMLESS });

/** Runs `use` in a process whose environment is a job's. */
export async function inJobEnvironment<T>(use: () => Promise<T>): Promise<T> {
  const before = Object.fromEntries(JOB_VARIABLES.map((name) => [name, process.env[name]]));
  Object.assign(process.env, SECRETS, HARMLESS);
  try {
    return await use();
  } finally {
    for (const [name, value] of Object.entries(before)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}

/** JavaScript for a child process: an array of those of the job's variables that it sees. */
export const SEEN = `${JSON.stringify(JOB_VARIABLES)}.filter((name) => process.env[name] !== undefined)`;
