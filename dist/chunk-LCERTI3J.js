import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  aloneOnGpu,
  openTensorRtEngines
} from "./chunk-VQAC34FS.js";
import {
  assertLabelsInRange,
  evaluateModel,
  needsLabels
} from "./chunk-HRNSUFFV.js";
import {
  assertWaiversCurrent,
  assertWritable,
  covers,
  demandsOf,
  judge,
  modelsOfLastRun,
  removeLeftovers,
  reportFiles,
  runVerdict,
  sha256OfFile,
  unchangedReason,
  writeReport
} from "./chunk-X5QVHY67.js";
import {
  assertProvidersOpen,
  noiseFloorOf,
  readEnvironment
} from "./chunk-IQDBNDAP.js";
import {
  TRTEXEC_VARIABLE,
  countGpusAsNvidiaSmi,
  measureLatency,
  snapshotGpu,
  startedByUs
} from "./chunk-P4ZRDNJ3.js";
import {
  availableCores,
  runProgram
} from "./chunk-HK6CHRLM.js";
import {
  precisionFor
} from "./chunk-27DI4K3I.js";
import {
  median,
  medianInterval
} from "./chunk-AQF5U6DS.js";
import {
  parseProfile,
  quantizeVerified,
  targetOf
} from "./chunk-SJBRFS2J.js";
import {
  openDataset,
  parseConfig,
  scoredOutput
} from "./chunk-GX2LVYN6.js";
import {
  modelInputs,
  modelOutputs
} from "./chunk-VNHOIS2Q.js";
import {
  externalLocations,
  filesOf,
  parameterCount,
  readModelOutline,
  weightsOf
} from "./chunk-QEDOCN6H.js";
import {
  safeName
} from "./chunk-V4CTKNK7.js";
import {
  ConfigError,
  displayName
} from "./chunk-DL5XBHUJ.js";
import {
  matchesPattern
} from "./chunk-OU7AXWVO.js";
import {
  WorkerError,
  assertShapesKnown,
  didYouMean,
  startWorker,
  timingFeeds
} from "./chunk-7TIY6MZ6.js";
import {
  encodeModel,
  makeModel,
  makeNode,
  makeValue
} from "./chunk-Q564MQFU.js";
import {
  METRICS,
  ORIGINAL,
  blankMeasurement,
  metricDefinition
} from "./chunk-4HVFDZ7G.js";
import {
  removeUnfinished
} from "./chunk-2JG2ST7N.js";
import {
  readModel,
  subgraphsOf
} from "./chunk-A52USPEN.js";
import {
  VERSION
} from "./chunk-3VYZMCI4.js";
import {
  shownPath
} from "./chunk-QVHRYC6U.js";
import {
  scratchFolder
} from "./chunk-65YWRPIP.js";
import {
  AttributeProtoSchema,
  TensorProto_DataType,
  elementCount,
  tensorBytes,
  toBinary
} from "./chunk-OEIIXWBO.js";
import {
  isLfsPointerFile
} from "./chunk-57WIVW7N.js";
import {
  Interrupted,
  MachineError,
  UserError,
  codeOf,
  messageOf,
  throwIfInterrupted
} from "./chunk-IYM25C4U.js";

// src/github/event/context.ts
import { readFileSync } from "node:fs";
function readContext(env = process.env) {
  return contextOf(readPayload(env.GITHUB_EVENT_PATH), env);
}
function contextOf(payload, env) {
  const root = object(payload);
  const repository = object(root?.repository);
  const [owner = "", repo = ""] = (env.GITHUB_REPOSITORY || text(repository?.full_name) || "").split("/");
  const event = env.GITHUB_EVENT_NAME ?? "";
  const serverUrl = (env.GITHUB_SERVER_URL || "https://github.com").replace(/\/+$/, "");
  const triggeringRun = triggeringRunOf(root);
  return {
    event,
    owner,
    repo,
    sha: env.GITHUB_SHA || null,
    ref: env.GITHUB_REF || null,
    defaultBranch: text(repository?.default_branch),
    pullRequest: pullRequestOf(root, event),
    baseSha: baseShaOf(root, event),
    triggeringRun,
    labelEvent: labelEventOf(root),
    fromFork: isFork(root, `${owner}/${repo}`),
    lookedUp: false,
    workspace: env.GITHUB_WORKSPACE || process.cwd(),
    serverUrl,
    apiUrl: (env.GITHUB_API_URL || "https://api.github.com").replace(/\/+$/, ""),
    runUrl: owner && env.GITHUB_RUN_ID ? `${serverUrl}/${owner}/${repo}/actions/runs/${env.GITHUB_RUN_ID}` : null,
    runId: integer(Number(env.GITHUB_RUN_ID)),
    runAttempt: integer(Number(env.GITHUB_RUN_ATTEMPT)) ?? 1
  };
}
function sourceRevision(context, { baseSha = null, measuredSha = null } = {}) {
  return {
    repository: context.owner ? `${context.owner}/${context.repo}` : null,
    sha: context.pullRequest?.headSha ?? context.sha,
    baseSha: baseSha ?? context.baseSha,
    pullRequest: context.pullRequest?.number ?? null,
    runUrl: context.runUrl,
    measuredSha,
    runId: context.runId,
    runAttempt: context.runAttempt
  };
}
function isAboutItsHead({ event }) {
  return event === "pull_request" || event === "merge_group";
}
function readPayload(path) {
  if (!path) return {};
  let content;
  try {
    content = readFileSync(path, "utf8");
  } catch {
    return {};
  }
  try {
    return JSON.parse(content);
  } catch {
    throw new UserError(`The event payload ${path} (GITHUB_EVENT_PATH) is not JSON.`);
  }
}
function pullRequestOf(root, event) {
  const pull = object(root?.pull_request);
  const number = integer(pull?.number);
  if (number) {
    const [head, base] = [object(pull?.head), object(pull?.base)];
    return { number, headSha: sha(head?.sha), baseSha: sha(base?.sha), baseRef: text(base?.ref) };
  }
  const issue = object(root?.issue);
  if (event === "issue_comment" && object(issue?.pull_request) && integer(issue?.number)) {
    return { number: integer(issue?.number), headSha: null, baseSha: null, baseRef: null };
  }
  const group = object(root?.merge_group);
  const queued = /\/pr-(\d+)-[0-9a-f]+$/.exec(text(group?.head_ref) ?? "");
  if (queued) {
    return { number: Number(queued[1]), headSha: null, baseSha: sha(group?.base_sha), baseRef: null };
  }
  return null;
}
function baseShaOf(root, event) {
  if (event === "push") return sha(root?.before);
  return sha(object(root?.merge_group)?.base_sha) ?? sha(object(object(root?.pull_request)?.base)?.sha);
}
function labelEventOf(root) {
  const pull = object(root?.pull_request);
  if (!pull) return null;
  return {
    action: text(root?.action),
    label: text(object(root?.label)?.name),
    sender: text(object(root?.sender)?.login),
    at: text(pull.updated_at)
  };
}
function triggeringRunOf(root) {
  const run2 = object(root?.workflow_run);
  const id = integer(run2?.id);
  const headSha = sha(run2?.head_sha);
  if (!run2 || !id || !headSha) return null;
  const headOwner = text(object(object(run2.head_repository)?.owner)?.login);
  const branch = text(run2.head_branch);
  return {
    id,
    attempt: integer(run2.run_attempt) ?? 1,
    headSha,
    head: headOwner && branch ? `${headOwner}:${branch}` : null,
    event: text(run2.event) ?? "",
    conclusion: text(run2.conclusion),
    url: text(run2.html_url)
  };
}
function isFork(root, repository) {
  const pull = object(root?.pull_request);
  if (pull) {
    const name = text(object(object(pull.head)?.repo)?.full_name);
    return name?.toLowerCase() !== repository.toLowerCase();
  }
  const run2 = object(root?.workflow_run);
  if (run2) {
    return text(object(run2.head_repository)?.full_name)?.toLowerCase() !== repository.toLowerCase();
  }
  return Boolean(object(object(root?.issue)?.pull_request));
}
function object(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : void 0;
}
function text(value) {
  return typeof value === "string" && value !== "" ? value : null;
}
function integer(value) {
  return typeof value === "number" && Number.isSafeInteger(value) && value > 0 ? value : null;
}
function sha(value) {
  const found2 = text(value);
  return found2 && /^[0-9a-f]{40}([0-9a-f]{24})?$/.test(found2) && !/^0+$/.test(found2) ? found2 : null;
}

// src/github/base/base.ts
import { rm } from "node:fs/promises";

// src/github/base/unreadable.ts
var Unreadable = class extends Error {
  name = "Unreadable";
  remedy;
  constructor({ cause, remedy }, options = {}) {
    super(cause, options);
    this.remedy = remedy;
  }
};
function problemOf(error, remedy) {
  if (error instanceof Interrupted) throw error;
  if (error instanceof Unreadable) return { cause: error.message, remedy: error.remedy };
  const message = messageOf(error).replace(/\s*\n\s*/g, " ");
  return { cause: /[.!?]$/.test(message) ? message : `${message}.`, remedy };
}

// src/github/base/configuration.ts
async function readConfig(tree, head, config) {
  const { file, directory } = config;
  if (file === null) return { state: "absent" };
  const shown = tree.shown(file);
  try {
    const text2 = await tree.readText(file);
    if (text2 !== null) {
      const parsed = await parseConfig(text2, { file, directory, expand: false });
      return { state: "read", config: parsed };
    }
    if (await isTracked(head, file)) return { state: "absent" };
    throw new Unreadable({
      cause: `${shown} is not in git, neither at the base nor here: no revision of it is the base's.`,
      remedy: "Commit it; where a step of the workflow writes it, set `thresholds-from: head`."
    });
  } catch (error) {
    const { cause, remedy } = problemOf(error, `Mend ${shown} on the base branch.`);
    const foreseen = error instanceof Unreadable;
    return {
      state: "unreadable",
      cause: foreseen ? cause : `At the base, ${shown} is wrong: ${cause}`,
      remedy
    };
  }
}
async function isTracked(head, path) {
  return await head.find(path).then(
    (found2) => found2 !== null,
    (error) => {
      if (error instanceof Unreadable) return true;
      throw error;
    }
  );
}

// src/github/base/git.ts
import { existsSync as existsSync2 } from "node:fs";
import { dirname as dirname3, join as join3, resolve as resolve2 } from "node:path";

// src/system/physical-path.ts
import { existsSync, realpathSync } from "node:fs";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
function physicalPath(path) {
  const absolute = resolve(path);
  if (existsSync(absolute) || dirname(absolute) === absolute) return realpathSync(absolute);
  return join(physicalPath(dirname(absolute)), basename(absolute));
}
function relativeInside(directory, path) {
  const inside2 = relative(directory, path);
  return inside2 === ".." || inside2.startsWith(`..${sep}`) || isAbsolute(inside2) ? null : inside2;
}

// src/github/base/safe-home.ts
import { readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname as dirname2, join as join2 } from "node:path";
function safeHome(directory) {
  const home = scratchFolder("home");
  const user = process.env.HOME || homedir();
  for (const name of hiddenFiles(user)) symlinkSync(join2(user, name), join2(home, name));
  const lines = [
    `[include]
	path = ${quoted(join2(user, ".gitconfig"))}`,
    "[safe]",
    // The oldest know no `*`: the work tree is one of these.
    ...[...above(directory), "*"].map((path) => `	directory = ${quoted(path)}`)
  ];
  writeFileSync(join2(home, ".gitconfig"), `${lines.join("\n")}
`);
  return home;
}
function hiddenFiles(home) {
  try {
    return readdirSync(home).filter((name) => name.startsWith(".") && name !== ".gitconfig");
  } catch {
    return [];
  }
}
function above(directory) {
  const next = dirname2(directory);
  return next === directory ? [directory] : [directory, ...above(next)];
}
function quoted(text2) {
  return `"${text2.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

// src/github/base/git.ts
var Git = class _Git {
  /** Top directory of the work tree, absolute and physical. */
  root;
  #access;
  /** For every call. */
  #env;
  #remote = null;
  constructor(root, access, env) {
    this.root = root;
    this.#access = access;
    this.#env = env;
  }
  /**
   * The work tree that `directory` lies in. Throws Unreadable: no work tree, no git, or one that git won't touch; and Interrupted, as
   * whatever it runs does.
   */
  static async open(directory, access = {}) {
    const top = topOf(resolve2(directory));
    if (top === null) {
      throw new Unreadable({
        cause: `${directory} is not in a git work tree.`,
        remedy: "actions/checkout makes one only when git 2.18 or newer is installed before it runs; else it unpacks an archive without history."
      });
    }
    const open = async (env) => {
      const { signal } = access;
      const root = await execute(top, ["rev-parse", "--show-toplevel"], { env, signal });
      return new _Git(physicalPath(root), access, env);
    };
    try {
      return await open({}).catch((error) => {
        if (isDubious(error)) return open({ HOME: safeHome(physicalPath(top)) });
        throw error;
      });
    } catch (error) {
      throw unopened(error, top);
    }
  }
  /** The work tree that this one is a submodule of; null: it is none. */
  async superproject() {
    return await this.run(["rev-parse", "--show-superproject-working-tree"]) || null;
  }
  /** `origin` where there is one, else the first; null: there is none. */
  async remote() {
    if (this.#remote === null) {
      const names = (await this.run(["remote"])).split("\n").filter(Boolean);
      this.#remote = names.includes("origin") ? "origin" : names[0] ?? "";
    }
    return this.#remote || null;
  }
  /**
   * `run` for what may ask the remote (fetching, Git LFS), once more with the token when the checkout kept no credentials
   * (`persist-credentials: false`). Throws the first GitError when there is no token for this remote.
   */
  async runRemote(args, options = {}) {
    try {
      return await this.run(args, options);
    } catch (error) {
      const env = error instanceof GitError ? await this.#authorization() : null;
      if (!env) throw error;
      return await this.run(args, { ...options, env: { ...options.env, ...env } });
    }
  }
  /** The token as an HTTP header, handed over in the environment, for this server only. */
  async #authorization() {
    const { credentials } = this.#access;
    const remote = await this.remote();
    if (!credentials?.token || remote === null) return null;
    const { token, serverUrl } = credentials;
    const url = await this.ask(["remote", "get-url", remote]);
    if (!url?.startsWith(`${serverUrl}/`)) return null;
    const basic = Buffer.from(`x-access-token:${token}`).toString("base64");
    return {
      GIT_CONFIG_COUNT: "1",
      GIT_CONFIG_KEY_0: `http.${serverUrl}/.extraheader`,
      GIT_CONFIG_VALUE_0: `AUTHORIZATION: basic ${basic}`
    };
  }
  /** Standard output without its last line end. Throws GitError, MachineError when git can't be started. */
  run(args, options = {}) {
    const { signal } = this.#access;
    return execute(this.root, args, { ...options, env: { ...this.#env, ...options.env }, signal });
  }
  /** Standard output, or null when git says no. */
  async ask(args, options = {}) {
    return await this.run(args, options).catch((error) => {
      if (error instanceof GitError) return null;
      throw error;
    });
  }
};
var GitError = class extends Error {
  name = "GitError";
};
function topOf(directory) {
  for (const start of [directory, physicalPath(directory)]) {
    const tops = foldersAbove(start).filter((folder) => existsSync2(join3(folder, ".git")));
    const found2 = tops.find(
      (top, index) => tops.slice(index + 1).every((outer) => relativeInside(physicalPath(outer), physicalPath(top)) !== null)
    );
    if (found2 !== void 0) return found2;
  }
  return null;
}
function foldersAbove(folder) {
  const above2 = dirname3(folder);
  return above2 === folder ? [folder] : [folder, ...foldersAbove(above2)];
}
function isDubious(error) {
  return error instanceof GitError && /dubious ownership|unsafe repository/.test(error.message);
}
function unopened(error, top) {
  if (error instanceof MachineError) {
    return new Unreadable({
      cause: "git is not installed (there is no `git` on PATH).",
      remedy: "Install git on the runner or in the container."
    });
  }
  if (isDubious(error)) {
    return new Unreadable({
      cause: `git won't read ${top}: it belongs to another user.`,
      remedy: `Run \`git config --global --add safe.directory ${top}\` in an earlier step.`
    });
  }
  if (!(error instanceof GitError)) return error;
  return new Unreadable({
    cause: `${top} can't be opened: ${error.message}.`,
    remedy: "Check the checkout of this job."
  });
}
var REPOSITORY_VARIABLES = [
  "GIT_DIR",
  "GIT_WORK_TREE",
  "GIT_COMMON_DIR",
  "GIT_INDEX_FILE",
  "GIT_OBJECT_DIRECTORY",
  "GIT_ALTERNATE_OBJECT_DIRECTORIES",
  "GIT_NAMESPACE",
  "GIT_PREFIX",
  "GIT_GRAFT_FILE",
  "GIT_SHALLOW_FILE",
  "GIT_CEILING_DIRECTORIES"
];
function environment() {
  const env = { ...process.env };
  for (const name of REPOSITORY_VARIABLES) delete env[name];
  return { ...env, GIT_TERMINAL_PROMPT: "0", GIT_NO_REPLACE_OBJECTS: "1", LC_ALL: "C" };
}
function configuration(directory) {
  return ["-c", `safe.directory=${directory}`, "-c", "safe.directory=*", "-c", "core.hooksPath=/dev/null"];
}
async function execute(directory, args, { input, output, env, signal }) {
  const end = await runProgram("git", [...configuration(directory), ...args], {
    directory,
    // All of it: a credential helper may take its token from there.
    environment: { ...environment(), ...env },
    input,
    stdout: output === void 0 ? { limitBytes: Number.POSITIVE_INFINITY } : { file: output },
    signal
  });
  if (end.startError !== null) throw new MachineError(`git can't be started: ${end.startError}`);
  if (end.exitCode !== 0) {
    throw new GitError(`git ${args[0]}: ${said(end.stderr) || `ended with ${end.signal ?? end.exitCode}`}`);
  }
  return end.stdout.replace(/\n$/, "");
}
function said(stderr) {
  const lines = stderr.trim().split("\n").filter(Boolean);
  const faults = lines.filter((line) => FAULT.test(line)).map((line) => line.replace(FAULT, ""));
  const told2 = faults.length > 0 ? faults.slice(0, MAX_FAULTS) : lines.slice(-MAX_FAULTS);
  return told2.join("; ").replace(/\.(?=;|$)/g, "").replace(/\/\/[^/@\s]+@/g, "//");
}
var FAULT = /^(fatal|error|remote): (?:error: )?/i;
var MAX_FAULTS = 3;

// src/github/base/models.ts
import { dirname as dirname5, join as join5 } from "node:path";
import { isDeepStrictEqual } from "node:util";

// src/github/base/baseline.ts
import { constants, copyFile, mkdir, mkdtemp, stat } from "node:fs/promises";
import { basename as basename2, dirname as dirname4, join as join4, resolve as resolve3 } from "node:path";
async function takeBaseline(baseline, place) {
  const directory = await mkdtemp(join4(place.directory, "baseline-"));
  const taking = { directory, workspace: place.workspace };
  const file = await take(baseline.file, {
    ...taking,
    name: basename2(baseline.file),
    sha256: baseline.sha256
  });
  const beside = externalLocations(readModelOutline(file).proto);
  for (const name of beside) {
    const sha256 = Object.hasOwn(baseline.externalData, name) ? baseline.externalData[name] : void 0;
    if (sha256 === void 0) {
      throw new Unreadable({
        cause: `${shownBaseline(baseline, place)} keeps weights in ${name}, whose SHA-256 the base's configuration doesn't say.`,
        remedy: "Add it to the baseline under `external-data`, on the base branch."
      });
    }
    await take(join4(dirname4(baseline.file), name), { ...taking, name, sha256 });
  }
  return { file, beside };
}
function shownBaseline({ file }, { workspace }) {
  return shownPath(file, workspace ?? void 0);
}
async function take(source, { name, sha256, directory, workspace }) {
  const shown = shownPath(source, workspace ?? void 0);
  const target = resolve3(directory, name);
  const physical = physicalPath(source);
  if (workspace !== null && relativeInside(physicalPath(workspace), physical) === null) {
    throw new Unreadable({
      cause: `${shown} lies, or links, outside of the workspace.`,
      remedy: PUT_IT_THERE
    });
  }
  if (relativeInside(directory, target) === null) {
    throw new Unreadable({
      cause: `Its external data '${name}' leaves the model's folder.`,
      remedy: "Keep the files of a model in one folder."
    });
  }
  await mkdir(dirname4(target), { recursive: true });
  try {
    if (!(await stat(physical)).isFile()) throw new Error("it is no file");
    await copyFile(physical, target, constants.COPYFILE_FICLONE);
  } catch (error) {
    const why = codeOf(error) === "ENOENT" ? "is not there" : `can't be read (${codeOf(error) ?? messageOf(error)})`;
    throw new Unreadable({ cause: `${shown} ${why}.`, remedy: PUT_IT_THERE });
  }
  const found2 = await sha256OfFile(target);
  if (found2 !== sha256) {
    const pointer = await isLfsPointerFile(target) ? ", a Git LFS pointer" : "";
    throw new Unreadable({
      cause: `${shown} is another file than the base's configuration says: its SHA-256 is ${short(found2)}${pointer}, not ${short(sha256)}.`,
      remedy: PUT_IT_THERE
    });
  }
  return target;
}
var short = (sha256) => sha256.slice(0, 16);
var PUT_IT_THERE = "A step before quantgate has to put the base's file there: docs/github.md, 'A baseline from outside git'.";

// src/github/base/models.ts
var COMMIT_IT = "Commit it, with Git LFS where it is large: what is not in git has no base.";
var GIVE_IT_A_BASE = "Commit it, with Git LFS where it is large, or name a `baseline` in quantgate.yml: what is not in git has no base.";
async function findModel(model, context) {
  const { tree, headTree, base, place } = context;
  const shown = tree.shown(model.path);
  try {
    if (base.state === "unreadable") return unreadable(`${base.cause} ${base.remedy}`);
    const config = base.state === "read" ? base.config : null;
    const recipe = config?.models.find(({ name }) => name === model.name) ?? null;
    const baseline = counterpart(model, config)?.baseline ?? null;
    if (baseline) return await outside(baseline, { tree, model, recipe, place });
    const path = await locate(tree, recipe?.path ?? null, model.path);
    if (path) return await inside(path, { tree, model, recipe });
    const renamed = config && renamedWithBaseline(model, context.head, config);
    if (renamed) return unreadable(renamed);
    if (model.baseline) {
      return {
        status: "missing",
        reason: `${shown} is new: the base's configuration has no baseline of it. That of this revision counts once it is there.`
      };
    }
    if (await isTracked(headTree, model.path)) {
      return { status: "missing", reason: `${shown} is new: the base has no such model.` };
    }
    const rule = await headTree.ignoredBy(model.path);
    const why = rule === null ? "" : ` (${rule} ignores it)`;
    return unreadable(`${shown} is not in git, neither at the base nor here${why}. ${GIVE_IT_A_BASE}`);
  } catch (error) {
    const { cause, remedy } = problemOf(error, GIVE_IT_A_BASE);
    return unreadable(`The base's ${shown} can't be used: ${cause} ${remedy}`);
  }
}
function counterpart({ name, path }, config) {
  const models = config?.models ?? [];
  return models.find((one) => one.name === name) ?? models.find((one) => one.path === path) ?? null;
}
function renamedWithBaseline(model, head, base) {
  if (counterpart(model, base)) return null;
  const left = base.models.filter((one) => one.baseline && !counterpart(one, head)).map(({ name }) => `'${name}'`);
  if (left.length === 0) return null;
  return `'${model.name}' is not in the base's configuration, whose ${left.join(", ")} with a baseline ${left.length > 1 ? "are" : "is"} not in this one: whether that is the same model under another name can't be told. Keep its name or its path, or add and remove models in two pull requests.`;
}
function unreadable(reason) {
  return { status: "unreadable", reason };
}
async function locate(tree, recipe, head) {
  for (const candidate of recipe === null ? [head] : [recipe, head]) {
    const found2 = await tree.find(candidate);
    if (found2) return found2;
  }
  return await tree.renamedFrom(head);
}
async function inside(path, subject) {
  const { tree, model } = subject;
  const renamedFrom = tree.repositoryPaths(model.path).includes(path) ? null : path;
  return await found(await tree.extractModel(path), subject, { renamedFrom });
}
async function outside(baseline, { place, ...subject }) {
  const taken = await takeBaseline(baseline, place);
  return await found(taken, subject, {
    baseline: `${shownBaseline(baseline, place)}, SHA-256 ${baseline.sha256.slice(0, 16)}`
  });
}
async function found({ file, beside }, { tree, model, recipe }, { renamedFrom = null, baseline = null }) {
  const sameRecipe = recipe === null || isDeepStrictEqual(recipeOf(recipe), recipeOf(model));
  const recipes = (recipe ?? model).variants.filter(({ kind }) => kind !== "command");
  const { variants, missing } = await variantsAt(tree, recipes);
  return {
    status: "found",
    model: { ...recipe ?? model, path: file, variants, baseline: null },
    // Without a recipe of its own the base knows no variants: what is missing is new.
    unreadable: recipe === null ? {} : missing,
    unchanged: sameRecipe && await sameFiles(file, model.path, beside),
    renamedFrom,
    baseline
  };
}
function recipeOf(model) {
  return { ...model, path: "", baseline: null };
}
async function variantsAt(tree, recipes) {
  const variants = [];
  const missing = {};
  for (const recipe of recipes) {
    const named = recipe.kind === "file" ? recipe.file : recipe.kind === "quantize" ? recipe.plan : null;
    if (named === null) {
      variants.push(recipe);
      continue;
    }
    try {
      const path = await tree.find(named);
      if (path === null) throw new Error(`git has no ${tree.shown(named)} there`);
      if (recipe.kind === "file") variants.push({ ...recipe, file: (await tree.extractModel(path)).file });
      if (recipe.kind === "quantize") variants.push({ ...recipe, plan: await tree.extract(path) });
    } catch (error) {
      const { cause, remedy } = problemOf(error, COMMIT_IT);
      missing[recipe.name] = `The base's '${recipe.name}' can't be made: ${cause} ${remedy}`;
    }
  }
  return { variants, missing };
}
async function sameFiles(base, head, beside) {
  const pairs = [
    [base, head],
    ...beside.map((name) => [join5(dirname5(base), name), join5(dirname5(head), name)])
  ];
  for (const [one, other] of pairs) {
    const hash = await hashOf(one);
    if (hash === null || hash !== await hashOf(other)) return false;
  }
  return true;
}
async function hashOf(path) {
  return await sha256OfFile(path).catch(() => null);
}

// src/github/base/fetch.ts
var DEEPEN_STEPS = [50, 200, 1e3];
var Fetcher = class {
  #git;
  #log;
  constructor(git, log) {
    this.#git = git;
    this.#log = log;
  }
  /** Whether the commit is here. */
  async has(sha2) {
    return await this.#git.ask(["rev-parse", "--verify", "--quiet", `${sha2}^{commit}`]) !== null;
  }
  /** Makes sure that the commit and its trees are here. Throws Unreadable. */
  async require(sha2) {
    if (!await this.has(sha2)) await this.#fetchOne(sha2, `The base commit ${sha2.slice(0, 12)}`);
    return sha2;
  }
  /**
   * The commit that a branch, a tag or `refs/…` of the remote stands for now. Every name is asked for in full, so that none is taken for a
   * refspec or for another kind of ref. Throws Unreadable.
   */
  async tip(name) {
    const what = `The base '${name}'`;
    const names = name.startsWith("refs/") ? [name] : [`refs/heads/${name}`, `refs/tags/${name}`];
    for (const full of names) {
      try {
        await this.#fetchOne(full, what);
        return await this.#git.run(["rev-parse", "--verify", "FETCH_HEAD^{commit}"]);
      } catch (error) {
        const last = full === names.at(-1);
        if (last || !(error instanceof Unreadable) || !(error.cause instanceof GitError) || !isMissing(error.cause))
          throw error;
      }
    }
    throw new Error("unreachable");
  }
  /** The best common ancestor of HEAD and `sha`; null: there is none within reach. `known`: commits of HEAD's side that the remote has. */
  async mergeBase(sha2, known) {
    const find = () => this.#git.ask(["merge-base", "HEAD", sha2]);
    let found2 = await find();
    for (const step of [...DEEPEN_STEPS.map((count) => `--deepen=${count}`), "--unshallow"]) {
      if (found2 || !await this.#isShallow()) break;
      if (!await this.#deepen(step, sha2, known)) break;
      found2 = await find();
    }
    return found2;
  }
  /** --deepen counts from the present boundary; both sides have to reach back. A commit made in this job is not on the remote. */
  async #deepen(step, sha2, known) {
    const head = await this.#git.run(["rev-parse", "HEAD"]);
    for (const side of /* @__PURE__ */ new Set([head, ...known])) {
      try {
        await this.#fetch([step], [side, sha2]);
        return true;
      } catch (error) {
        if (!(error instanceof GitError)) throw error;
        this.#log.debug(error.message);
      }
    }
    return false;
  }
  async #fetchOne(revision, what) {
    const depth = await this.#isShallow() ? ["--depth=1"] : [];
    try {
      await this.#fetch(depth, [revision]);
    } catch (error) {
      throw unfetched(error, what, await this.#git.remote() ?? "origin");
    }
  }
  async #fetch(options, revisions) {
    const remote = await this.#git.remote();
    if (remote === null) throw new GitError("git fetch: the repository has no remote");
    const shared = ["--no-tags", "--no-recurse-submodules", "--no-write-commit-graph", "--quiet"];
    const args = ["fetch", ...shared, ...options, "--end-of-options", remote, ...revisions];
    this.#log.debug(`git ${args.join(" ")}`);
    await this.#git.runRemote(args);
  }
  async #isShallow() {
    return await this.#git.run(["rev-parse", "--is-shallow-repository"]) === "true";
  }
};
function isMissing({ message }) {
  return /couldn't find remote ref|not our ref|no such remote ref|unadvertised object|did not send all necessary objects/i.test(
    message
  );
}
var HAVE_IT = "Or check out with `fetch-depth: 0`, so that nothing has to be fetched.";
function unfetched(error, what, remote) {
  if (!(error instanceof GitError)) return error;
  const told2 = (message2, remedy) => new Unreadable({ cause: `${what} ${message2}`, remedy }, { cause: error });
  const { message } = error;
  if (isMissing(error)) {
    return told2(
      `is not on ${remote} (any more).`,
      "See whether it was rewritten or removed, and check the input `base` where it is set."
    );
  }
  if (/has no remote/.test(message)) {
    return told2(
      "is not in this checkout, which has no remote to fetch it from.",
      "Check out with `fetch-depth: 0`."
    );
  }
  if (/Authentication failed|could not read (Username|Password)|Permission denied|returned error: 40[13]|Repository not found/i.test(
    message
  )) {
    return told2(
      `can't be fetched: ${remote} refuses (${message}).`,
      `Give the job \`contents: read\` and the input \`token\`. ${HAVE_IT}`
    );
  }
  return told2(
    `can't be fetched from ${remote}: ${message}.`,
    `See that the runner reaches ${remote}. ${HAVE_IT}`
  );
}

// src/github/base/revision.ts
async function findBaseRevision(git, request) {
  const { ref, event } = request;
  const fetcher = new Fetcher(git, request.log);
  if (ref) {
    const { tip: tip2, note: note3 } = await resolveRef(git, fetcher, request);
    const found3 = await fromTip(tip2, fetcher, { name: ref, event });
    if (event.pullRequestHead) await assertNotWithin(git, found3, event.pullRequestHead);
    return withNote(found3, note3);
  }
  if (!event.sha) return null;
  const name = event.branch ?? null;
  const merged = await mergedInto(git, event);
  if (merged && await isHad(fetcher, merged)) return { sha: merged, tip: merged, name, note: null };
  const { tip, note: note2 } = await eventTip(fetcher, event);
  const found2 = event.pullRequestHead ? await fromTip(tip, fetcher, { name, event }) : { sha: tip, tip, name, note: null };
  return withNote(found2, note2);
}
async function mergedInto(git, { sha: sha2, pullRequestHead, checkedOut: checkedOut2 }) {
  const [first, second, ...more] = await parents(git, "HEAD");
  if (!first || !second || more.length > 0 || !pullRequestHead || second !== pullRequestHead) return null;
  const head = await git.run(["rev-parse", "HEAD"]);
  return head === checkedOut2 || first === sha2 ? first : null;
}
async function parents(git, revision) {
  const commit = await git.run(["cat-file", "commit", revision]);
  const header = commit.split("\n\n", 1)[0];
  return [...header.matchAll(/^parent ([0-9a-f]+)$/gm)].map(([, sha2]) => sha2);
}
async function isHad(fetcher, sha2) {
  return await fetcher.require(sha2).then(
    () => true,
    (error) => {
      if (error instanceof Unreadable) return false;
      throw error;
    }
  );
}
async function eventTip(fetcher, { sha: sha2, branch }) {
  try {
    return { tip: await fetcher.require(sha2), note: null };
  } catch (error) {
    if (!(error instanceof Unreadable) || !branch) throw error;
    const tip = await fetcher.tip(`refs/heads/${branch}`).catch((second) => {
      throw second instanceof Unreadable ? error : second;
    });
    return { tip, note: `${error.message} The base is ${branch} as it is now.` };
  }
}
async function fromTip(tip, fetcher, { name, event }) {
  const known = [event.checkedOut, event.pullRequestHead].filter((sha3) => typeof sha3 === "string");
  const sha2 = await fetcher.mergeBase(tip, known);
  if (sha2) return { sha: sha2, tip, name, note: null };
  const note2 = `The merge base with ${tip.slice(0, 12)} is out of reach, so that commit itself is the base.`;
  return { sha: tip, tip, name, note: note2 };
}
async function assertNotWithin(git, { tip, name }, head) {
  const within = tip === head || await git.ask(["merge-base", "--is-ancestor", head, tip]) !== null;
  if (!within) return;
  throw new Unreadable({
    cause: `The base '${name}' contains the pull request itself (${head.slice(0, 12)}), which would be judged by its own thresholds.`,
    remedy: "Name the branch that it is to be merged into in the input `base`, or leave the input out."
  });
}
function withNote(revision, note2) {
  const notes = [note2, revision.note].filter((one) => one !== null);
  return { ...revision, note: notes.length > 0 ? notes.join(" ") : null };
}
var FULL_ID = /^[0-9a-f]{40}([0-9a-f]{24})?$/;
var REF_NAME = /^(?![-+./]|@$)(?!.*(?:\.\.|@\{|\/\/|\/\.|\.lock(?:\/|$)))[^\s~^:?*[\]\\\p{Cc}]+(?<![./])$/u;
async function resolveRef(git, fetcher, { ref, names }) {
  const name = ref;
  if (FULL_ID.test(name)) return { tip: await fetcher.require(name), note: null };
  const remote = await git.remote();
  const branch = remote !== null && name.startsWith(`${remote}/`) ? name.slice(remote.length + 1) : name;
  const local = () => lookUp(git, [name, `refs/remotes/${remote}/${branch}`]);
  if (names === "local" || remote === null || !REF_NAME.test(branch)) {
    const found2 = await local();
    if (found2) return { tip: found2, note: null };
    if (!REF_NAME.test(branch)) {
      throw new Unreadable({
        cause: `The base '${name}' is no commit of this checkout.`,
        remedy: "Name a commit by its full id, a branch or a tag."
      });
    }
  }
  try {
    return { tip: await fetcher.tip(branch), note: null };
  } catch (error) {
    const found2 = error instanceof Unreadable ? await local() : null;
    if (!found2) throw error;
    return {
      tip: found2,
      note: isShortId(name) ? null : `${error.message} This checkout's own copy is the base.`
    };
  }
}
function isShortId(name) {
  return /^[0-9a-f]{4,40}$/.test(name);
}
async function lookUp(git, names) {
  for (const name of names) {
    const found2 = await git.ask(["rev-parse", "--verify", "--quiet", "--end-of-options", `${name}^{commit}`]);
    if (found2) return found2;
  }
  return null;
}

// src/github/base/tree.ts
import { mkdir as mkdir2, readFile } from "node:fs/promises";
import { dirname as dirname7, join as join6, posix } from "node:path";

// src/github/base/repository-path.ts
import { dirname as dirname6, relative as relative2, resolve as resolve4, sep as sep2 } from "node:path";
function repositoryPaths(root, path) {
  const absolute = resolve4(path);
  const entrance = ancestors(absolute).find((one) => relativeInside(root, physicalPath(one)) !== null);
  const resolved = relativeInside(root, physicalPath(absolute));
  const written = entrance === void 0 ? null : relativeInside(root, resolve4(physicalPath(entrance), relative2(entrance, absolute)));
  const found2 = [written, resolved].filter((one) => one !== null && one !== "");
  return [...new Set(found2.map((one) => one.split(sep2).join("/")))];
}
function ancestors(path) {
  const above2 = dirname6(path);
  return above2 === path ? [path] : [...ancestors(above2), path];
}

// src/github/base/tree.ts
var MAX_LINKS = 40;
var BaseTree = class {
  sha;
  #git;
  #directory;
  #renames = null;
  constructor(git, sha2, directory) {
    this.#git = git;
    this.sha = sha2;
    this.#directory = directory;
  }
  /** Of a path of this machine. */
  repositoryPaths(path) {
    return repositoryPaths(this.#git.root, path);
  }
  /** How a path of this machine is shown: as the repository has it. */
  shown(path) {
    return this.repositoryPaths(path)[0] ?? path;
  }
  /** A file's text as committed: no filter, since those follow the checkout's .gitattributes. null: there is none. Throws Unreadable. */
  async readText(path) {
    const found2 = await this.find(path);
    if (found2 === null) return null;
    return await this.#git.run(["cat-file", "blob", `${this.sha}:${await this.#fileAt(found2)}`]);
  }
  /** The file at a path of this machine; null: the commit has nothing there. Throws Unreadable: it has, but no file of its own. */
  async find(path) {
    for (const candidate of this.repositoryPaths(path)) {
      const found2 = await this.#locate(candidate);
      if (!found2) continue;
      assertFile(found2);
      return candidate;
    }
    return null;
  }
  /** The file that was renamed to `path` since; null: none was. */
  async renamedFrom(path) {
    const renames = await this.#renamed();
    const found2 = this.repositoryPaths(path).map((one) => renames.get(one));
    return found2.find((one) => one !== void 0) ?? null;
  }
  /** `.gitignore:3: *.onnx`, the rule that keeps an untracked file out of git; null: none does. */
  async ignoredBy(path) {
    const [inside2] = this.repositoryPaths(path);
    if (inside2 === void 0) return null;
    const told2 = await this.#git.ask(["check-ignore", "--verbose", "--", inside2]);
    return told2 === null ? null : told2.split("	")[0];
  }
  /** The model and its external data, at the same places relative to each other. */
  async extractModel(path) {
    const file = await this.extract(path);
    const beside = externalLocations(readModelOutline(file).proto);
    const folder = posix.dirname(path) === "." ? "" : `${posix.dirname(path)}/`;
    for (const location of beside) {
      const data = posix.normalize(posix.join(posix.dirname(path), location));
      if (!location || posix.isAbsolute(location) || data.startsWith("../") || !data.startsWith(folder)) {
        throw new Error(`its external data '${location}' leaves the model's folder`);
      }
      await this.extract(data);
    }
    return { file, beside };
  }
  /**
   * The file in the scratch folder: as committed, or through the filter that it has, so that Git LFS yields the file and not its pointer.
   * What else attributes do (line ends, encodings) is for texts, and git before 2.41 takes them from the checkout, which may be anyone's.
   */
  async extract(path) {
    const target = join6(this.#directory, ...path.split("/"));
    await mkdir2(dirname7(target), { recursive: true });
    const file = await this.#fileAt(path);
    const options = { output: target, env: { GIT_ATTR_SOURCE: this.sha } };
    const how = await this.#isFiltered(file) ? "--filters" : "blob";
    await this.#git.runRemote(["cat-file", how, `${this.sha}:${file}`], options);
    if (await isLfsPointerFile(target)) await this.#smudge(target, path);
    return target;
  }
  async #isFiltered(file) {
    const options = { env: { GIT_ATTR_SOURCE: this.sha } };
    const told2 = await this.#git.run(["check-attr", "-z", "filter", "--", file], options);
    const [, , filter] = told2.split("\0");
    return filter !== void 0 && !["unspecified", "unset", "set"].includes(filter);
  }
  async #fileAt(path) {
    const found2 = await this.#locate(path);
    if (!found2) throw new Error(`git has no ${path} there`);
    return assertFile(found2);
  }
  async #smudge(target, path) {
    const pointer = await readFile(target, "utf8");
    try {
      await this.#git.runRemote(["lfs", "smudge", "--", path], { input: pointer, output: target });
    } catch (error) {
      throw new Unreadable({
        cause: `${path} is kept by Git LFS, and can't be fetched: ${lfsProblem(error)}.`,
        remedy: "Install git-lfs on the runner, and give the job `contents: read` and the input `token`."
      });
    }
    if (await isLfsPointerFile(target)) {
      throw new Unreadable({
        cause: `${path} is kept by Git LFS, which gave its pointer back.`,
        remedy: "Unset GIT_LFS_SKIP_SMUDGE."
      });
    }
  }
  /** Walks the path, so that a link or a submodule on its way is seen: asked for the whole path, git says that there is nothing. */
  async #locate(wanted) {
    let path = wanted;
    for (let links = 0; links <= MAX_LINKS; links++) {
      const whole = await this.#entry(path);
      if (whole && !isLink(whole)) return { path, entry: whole };
      const link = whole ? { at: path, rest: "" } : await this.#linkOn(path);
      if (!link) return null;
      path = await this.#follow(link, wanted);
    }
    throw new Unreadable({ cause: `${wanted} is a link that leads to itself.`, remedy: COMMIT_IT2 });
  }
  /** The first link among the folders above `path`. Throws Unreadable for a submodule. */
  async #linkOn(path) {
    const names = path.split("/");
    for (let count = 1; count < names.length; count++) {
      const at = names.slice(0, count).join("/");
      const entry = await this.#entry(at);
      if (!entry) return null;
      if (isSubmodule(entry)) {
        throw new Unreadable({
          cause: `${path} lies in the submodule ${at}, whose commits are its own.`,
          remedy: OWN_REPOSITORY
        });
      }
      if (isLink(entry)) return { at, rest: names.slice(count).join("/") };
    }
    return null;
  }
  async #follow({ at, rest }, wanted) {
    const target = await this.#git.run(["cat-file", "blob", `${this.sha}:${at}`]);
    const path = posix.normalize(posix.join(posix.dirname(at), target, rest));
    if (posix.isAbsolute(target) || path === ".." || path.startsWith("../")) {
      const what = at === wanted ? "is a link" : `lies behind ${at}, a link`;
      throw new Unreadable({
        cause: `${wanted} ${what} to ${target}, outside of the repository.`,
        remedy: COMMIT_IT2
      });
    }
    return path;
  }
  /** `MODE TYPE ID\tPATH`; '' when there is none. Throws GitError when git can't tell. */
  #entry(path) {
    return this.#git.run(["ls-tree", "-z", "--full-tree", this.sha, "--", `:(literal)${path}`]);
  }
  /** New path → old path. */
  async #renamed() {
    if (this.#renames) return this.#renames;
    const args = ["diff", "--name-status", "-z", "--find-renames", "--diff-filter=R", this.sha, "HEAD"];
    const fields = (await this.#git.run(args)).split("\0");
    this.#renames = /* @__PURE__ */ new Map();
    for (let at = 0; at + 2 < fields.length; at += 3) this.#renames.set(fields[at + 2], fields[at + 1]);
    return this.#renames;
  }
};
var COMMIT_IT2 = "Commit it as a plain file.";
var OWN_REPOSITORY = "Gate it in the submodule's own repository, or keep it in this one.";
var isLink = (entry) => entry.startsWith("120000 ");
var isSubmodule = (entry) => entry.startsWith("160000 ");
function assertFile({ path, entry }) {
  if (/^100\d{3} blob /.test(entry)) return path;
  const what = isSubmodule(entry) ? "a submodule" : "a folder";
  throw new Unreadable({ cause: `${path} is ${what} at the base, not a file.`, remedy: COMMIT_IT2 });
}
function lfsProblem(error) {
  const message = error instanceof Error ? error.message : String(error);
  return /'lfs' is not a git command/.test(message) ? "git-lfs is not installed on this machine" : message;
}

// src/github/base/base.ts
async function findBase(request) {
  const { config, ref, event, credentials, log, signal } = request;
  if (!ref && !event?.sha) return { state: "none" };
  try {
    const git = await Git.open(config.directory, { credentials, signal });
    if (event) await assertNoSubmodule(git);
    const revision = await findBaseRevision(git, {
      ref,
      event: event ?? { sha: null, pullRequestHead: null },
      names: event ? "remote" : "local",
      log
    });
    if (!revision) return { state: "none" };
    if (revision.note) log.warn(revision.note);
    return await readBase(git, request, revision);
  } catch (error) {
    if (error instanceof Interrupted) throw error;
    const problem = problemOf(error, "The log of the job says more.");
    log.warn(`${problem.cause} ${problem.remedy}`);
    return { state: "unreadable", ...problem };
  }
}
async function assertNoSubmodule(git) {
  const superproject = await git.superproject();
  if (superproject === null) return;
  throw new Unreadable({
    cause: `The configuration lies in a submodule (${git.root}), whose commits the event doesn't name.`,
    remedy: "Keep quantgate.yml in the repository itself, or gate the models in the submodule's own repository."
  });
}
async function readBase(git, { config, workspace }, revision) {
  const directory = scratchFolder("base");
  const dispose = () => rm(directory, { recursive: true, force: true });
  try {
    const tree = new BaseTree(git, revision.sha, directory);
    const head = new BaseTree(git, "HEAD", directory);
    const recipe = await readConfig(tree, head, config);
    const judging = revision.tip === revision.sha ? recipe : await readConfig(new BaseTree(git, revision.tip, directory), head, config);
    const models = {};
    const place = { directory, workspace: workspace ?? null };
    const context = { tree, headTree: head, head: config, base: recipe, place };
    for (const model of config.models) models[model.name] = await findModel(model, context);
    const baseConfig = recipe.state === "read" ? recipe.config : null;
    return {
      state: "found",
      models: { sha: revision.sha, config: baseConfig, models },
      revision,
      judging,
      dispose
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}

// src/github/head/measured-commit.ts
var MAX_OWN_COMMITS = 64;
async function measuredCommit(directory, claim, { isPublished, signal } = {}) {
  let found2;
  try {
    found2 = await checkedOut(directory, signal);
  } catch (error) {
    const { cause: cause2, remedy: remedy2 } = problemOf(error, "The log of the job says more.");
    const problem2 = { cause: `Which commit is checked out can't be told: ${cause2}`, remedy: remedy2 };
    return { state: claim ? "unknown" : "claimed", sha: null, problem: claim && problem2 };
  }
  const { git, sha: sha2, problem } = found2;
  if (!claim) return { state: "claimed", sha: sha2, problem: null };
  if (problem) return { state: "other", sha: sha2, problem };
  const { headSha, defaultSha, subject, remedy } = claim;
  if (headSha === null) {
    if (sha2 === defaultSha) return { state: "claimed", sha: sha2, problem: null };
    const cause2 = `Nobody says which commit is the head of ${subject}.`;
    return { state: "unknown", sha: sha2, problem: { cause: cause2, remedy } };
  }
  const cause = await objection(git, sha2, { ...claim, headSha, isPublished });
  return cause === null ? { state: "claimed", sha: sha2, problem: null } : { state: "other", sha: sha2, problem: { cause, remedy } };
}
async function checkedOut(directory, signal) {
  const git = await Git.open(directory, { signal });
  const sha2 = await git.run(["rev-parse", "--verify", "HEAD^{commit}"]);
  const above2 = await git.superproject();
  if (above2 === null) return { git, sha: sha2, problem: null };
  const outer = await checkedOut(above2, signal);
  const [path] = repositoryPaths(outer.git.root, git.root);
  const entry = await outer.git.ask(["ls-tree", "--full-tree", "HEAD", "--", `:(literal)${path}`]);
  const pinned = /^160000 commit ([0-9a-f]+)\t/.exec(entry ?? "")?.[1] ?? null;
  if (outer.problem || pinned === sha2) return outer;
  const cause = `The submodule ${path} is at ${short2(sha2)}, not at ${pinned ? short2(pinned) : "a commit"} that ${short2(outer.sha)} names.`;
  return {
    ...outer,
    problem: { cause, remedy: "Check it out with `submodules: true` of actions/checkout." }
  };
}
async function objection(git, sha2, claim) {
  const above2 = await commitsAbove(git, sha2, claim.headSha);
  const checkout = `Checked out is ${short2(sha2)}`;
  const head = `${short2(claim.headSha)}, the head of ${claim.subject}`;
  if (above2 === null) return `${checkout}, which is not ${head}, nor holds it.`;
  const lowest = above2.at(-1);
  const own = lowest && await isOfficialMerge(git, lowest, claim) ? above2.slice(0, -1) : above2;
  const first = own.at(-1);
  const origin = first && await originOf(git, first, claim);
  if (!origin) return null;
  return `${checkout}, which holds ${head}, but ${first === sha2 ? "it" : short2(first)} ${origin}`;
}
async function isOfficialMerge(git, sha2, { defaultSha, pullRequest }) {
  if (sha2 === defaultSha) return true;
  if (pullRequest === null) return false;
  return await git.ask(["rev-parse", "--verify", "--quiet", `refs/remotes/pull/${pullRequest}/merge`]) === sha2;
}
async function originOf(git, sha2, { isPublished }) {
  const refs = await git.run(["for-each-ref", `--contains=${sha2}`, "--format=%(refname)", "refs/remotes/"]);
  const [ref] = refs.split("\n").filter((one) => one !== "");
  if (ref) {
    const branch = ref.replace("refs/remotes/", "");
    return `comes from ${branch}: that branch has moved on since this run was started, or is another one.`;
  }
  const unknown = "is not known to be made here";
  if (!isPublished) return `${unknown}: without the input \`token\` GitHub can't be asked.`;
  try {
    if (!await isPublished(sha2)) return null;
  } catch (error) {
    return `${unknown}. ${messageOf(error)}`;
  }
  return "was not made here: GitHub has it. It was pushed since this run was started, or belongs to another branch.";
}
async function commitsAbove(git, sha2, headSha) {
  const listed = await git.run([
    "rev-list",
    "--first-parent",
    "--parents",
    `--max-count=${MAX_OWN_COMMITS}`,
    sha2
  ]);
  const above2 = [];
  for (const line of listed.split("\n")) {
    const [commit = "", ...known] = line.split(" ");
    if (commit === headSha) return above2;
    above2.push(commit);
    const parents2 = known.length > 0 ? known : await parentsOf(git, commit);
    if (parents2.includes(headSha)) return above2;
  }
  return null;
}
async function parentsOf(git, commit) {
  const header = (await git.run(["cat-file", "commit", commit])).split("\n\n", 1)[0];
  return [...header.matchAll(/^parent ([0-9a-f]+)$/gm)].map(([, parent]) => parent);
}
function short2(sha2) {
  return sha2.slice(0, 12);
}

// src/run.ts
import { rmSync as rmSync2 } from "node:fs";
import { join as join9 } from "node:path";

// src/data/disjoint.ts
var NAMED = 3;
async function assertDisjoint(calibration, evaluation) {
  const [calibrating, evaluating] = await Promise.all([calibration.hashes(), evaluation.hashes()]);
  const shared = [];
  for (const [hash, id] of calibrating) {
    const other = evaluating.get(hash);
    if (other !== void 0) shared.push(id === other ? id : `${id} = ${other}`);
  }
  if (shared.length === 0) return;
  const named = shared.slice(0, NAMED).join(", ");
  throw new UserError(
    `Calibration (${calibration.description}) and evaluation (${evaluation.description}) share ${shared.length} ${shared.length === 1 ? "sample" : "samples"}: ${named}${shared.length > NAMED ? ", \u2026" : ""}. Accuracy on samples that the quantizer was calibrated on is too good: keep the two sets apart.`
  );
}

// src/judge/applicable.ts
function assertApplicable(config) {
  const problems = [];
  for (const check of config.checks) {
    for (const [key, message] of complaints(check, config)) {
      const path = `thresholds.${check.id}${key === "" ? "" : `.${key}`}`;
      problems.push({ line: check.line, path, message });
    }
  }
  for (const [index, waiver] of config.waivers.entries()) {
    const message = waiverComplaint(waiver.check, config.checks);
    if (message) problems.push({ line: waiver.line, path: `waivers[${index}].check`, message });
  }
  if (problems.length === 0) return;
  problems.sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
  throw new ConfigError(config.file === null ? null : displayName(config.file), problems);
}
function complaints(check, config) {
  const { where } = check;
  const found2 = [];
  const names = (key, patterns, valid, what) => {
    for (const pattern of patterns ?? []) {
      if (valid.some((name) => matchesPattern(name, pattern))) continue;
      found2.push([
        `where.${key}`,
        `no ${what} '${pattern}'${didYouMean(pattern, valid)}; there ${valid.length === 1 ? "is" : "are"} ${list(valid)}`
      ]);
    }
  };
  const numbers = (key, wanted, measured) => {
    for (const value of wanted ?? []) {
      if (measured.includes(value)) continue;
      found2.push([
        `where.${key}`,
        `${key} ${value} is not measured; benchmark.${key} is ${list(measured.map(String))}`
      ]);
    }
  };
  const allModels = config.models.map(({ name }) => name);
  names("model", where.model, allModels, "model");
  const models = config.models.filter(
    ({ name }) => where.model === void 0 || where.model.some((pattern) => matchesPattern(name, pattern))
  );
  const variants = [...new Set(models.flatMap((model) => model.variants.map(({ name }) => name)))];
  if (models.length > 0) names("variant", where.variant, [ORIGINAL, ...variants], "variant");
  names("provider", where.provider, config.benchmark.providers, "measured provider");
  numbers("batch", where.batch, config.benchmark.batch);
  if (config.benchmark.threads !== "auto") numbers("threads", where.threads, config.benchmark.threads);
  numbers("concurrency", where.concurrency, config.benchmark.concurrency);
  if (models.length > 0) {
    const metric = metricComplaint(check, models);
    if (metric) found2.push(["", metric]);
  }
  return [...found2, ...conditionComplaints(check)];
}
function conditionComplaints(check) {
  const relativeOnes = demandsOf(check).map(({ condition }) => condition).filter((condition) => condition !== "max" && condition !== "min");
  const toOriginal = relativeOnes.filter((condition) => condition !== "max-regression");
  if (check.metric.startsWith("fidelity.") && toOriginal.length > 0) {
    return toOriginal.map((condition) => [
      condition,
      `${check.metric} compares with the original already; use 'min' or 'max'`
    ]);
  }
  const onlyOriginal = check.where.variant?.length === 1 && check.where.variant[0] === ORIGINAL;
  if (!onlyOriginal) return [];
  return relativeOnes.map((condition) => [
    condition,
    `the original can't be compared with itself; with where.variant ${ORIGINAL} use 'max' or 'min'`
  ]);
}
function metricComplaint(check, models) {
  const { metric } = check;
  const definition = metricDefinition(metric);
  const known = METRICS.map(({ name }) => name);
  if (!definition) return `no metric '${metric}'${didYouMean(metric, known)}`;
  const tasks = definition.tasks ?? [];
  if (tasks.length === 0 || models.some((model) => model.task === "custom" && model.evaluator)) return null;
  if (tasks.includes("custom")) {
    const near = didYouMean(metric, known);
    return `no model yields ${metric}${near}; numbers of your own need task custom and an 'evaluator'`;
  }
  const fitting = models.filter((model) => tasks.includes(model.task));
  if (fitting.length === 0) {
    const have = models.map((model) => `${model.name} has task ${model.task}`).slice(0, 3).join(", ");
    return `${metric} needs a model with task ${tasks.join(" or ")}; ${have}${offer(models)}`;
  }
  if (fitting.every((model) => model.data.evaluation === null)) {
    return `${metric} needs labelled samples; give ${fitting[0].name} 'data.evaluation'`;
  }
  return null;
}
function offer(models) {
  const metrics = METRICS.filter((metric) => models.some((model) => metric.tasks?.includes(model.task)));
  return metrics.length === 0 ? "" : `, which yields ${list(metrics.map(({ name }) => name))}`;
}
function waiverComplaint(name, checks) {
  const covered = checks.some(
    (check) => demandsOf(check).some(({ condition }) => covers(name, check, condition))
  );
  if (covered) return null;
  const valid = checks.flatMap((check) => [
    check.id,
    ...demandsOf(check).map(({ condition }) => `${check.id}.${condition}`)
  ]);
  const offered = valid.length === 0 ? "there are no checks" : `checks are ${list(valid)}`;
  return `no check '${name}'${didYouMean(name, valid)}; ${offered}`;
}
var LISTED = 12;
function list(names) {
  const more = names.length - LISTED;
  return names.slice(0, LISTED).join(", ") + (more > 0 ? ` and ${more} more` : "");
}

// src/measure/memory.ts
import { availableParallelism } from "node:os";

// src/measure/subject/subject.ts
function emptyMeasurement(metric, subject, request) {
  const at = {
    model: request.model,
    variant: subject.variant,
    provider: request.session.provider ?? "cpu",
    batch: request.inputs.batch,
    threads: request.session.threads ?? null,
    concurrency: null
  };
  return blankMeasurement(at, metric);
}
function subjectFailure(error, subject) {
  if (subject.variant !== ORIGINAL) {
    if (error instanceof WorkerError || error instanceof UserError || error instanceof MachineError)
      return messageOf(error);
    throw error;
  }
  if (error instanceof WorkerError) {
    throw error.failure === "refused" ? new UserError(error.message) : new MachineError(`The original model can't be measured. ${error.message}`);
  }
  throw error;
}

// src/measure/memory.ts
var launchesFor = (confidence) => Math.max(3, Math.ceil(-Math.log2(1 - confidence) - 1e-9));
var RUNS = 5;
async function measureMemory(request) {
  const baseline = await peaksOf(baselineModel(), request);
  const empty = median(baseline.map(({ host }) => host));
  const peaks = /* @__PURE__ */ new Map();
  const measurements = [];
  for (const subject of request.subjects) {
    try {
      peaks.set(subject.variant, await peaksOf(subject.file, request));
      const base = subject.base ? await basePeaks(subject.base, request) : null;
      measurements.push(...asMeasurements({ subject, request, empty, peaks, base }));
    } catch (error) {
      if (error instanceof Interrupted || request.context.signal?.aborted) throw error;
      const reason = subjectFailure(error, subject);
      const device = (request.session.provider ?? "cpu") === "cpu" ? [] : ["memory.gpu"];
      for (const metric of ["memory.peak", "memory.model", ...device]) {
        measurements.push({ ...emptyMeasurement(metric, subject, request), status: "invalid", reason });
      }
    }
  }
  return measurements;
}
async function basePeaks(file, request) {
  try {
    return await peaksOf(file, request);
  } catch (error) {
    if (error instanceof Interrupted || request.context.signal?.aborted) throw error;
    return null;
  }
}
async function peaksOf(model, request) {
  const peaks = [];
  const launches = launchesFor(request.confidence);
  for (let launch = 0; launch < launches; launch++) peaks.push(await peakOf(model, request));
  return peaks;
}
async function peakOf(model, request) {
  const before = await gpuOf(request);
  const worker = await startWorker({
    model,
    session: { ...request.session, threads: request.session.threads ?? availableParallelism() },
    ...request.context,
    deadlineMs: request.deadlineMs
  });
  try {
    const inputs = typeof model === "string" ? request.inputs : { ...request.inputs, sample: null };
    const feeds = timingFeeds(worker.opened.inputs, inputs);
    await worker.call("feeds", { feeds });
    await worker.call("block", { minRuns: RUNS, minMs: 0, maxMs: Infinity, dropRuns: 0, dropMs: 0 });
    const after = before && await gpuOf(request);
    const gpu = before && after && await areOurs(before, after) ? usedMore(before, after) : null;
    return { host: (await worker.call("memory")).peakBytes, gpu };
  } finally {
    await worker.kill();
  }
}
var gpuOf = (request) => snapshotGpu(request.session.provider ?? "cpu", request.session.deviceId, request.nvidiaSmi);
async function areOurs(before, after) {
  const seen = [...before.processes, ...after.processes];
  const ours = await Promise.all(seen.map(({ pid, name }) => startedByUs(pid, name)));
  return ours.every((own) => own);
}
function usedMore(before, after) {
  const { memoryUsedBytes: was } = before.gpu;
  const { memoryUsedBytes: is } = after.gpu;
  return was === null || is === null || is <= was ? null : is - was;
}
function baselineModel() {
  return encodeModel(
    makeModel({
      inputs: [makeValue("x", TensorProto_DataType.FLOAT, [1])],
      outputs: [makeValue("y", TensorProto_DataType.FLOAT, [1])],
      nodes: [makeNode("Relu", ["x"], ["y"])]
    })
  );
}
function asMeasurements(context) {
  const { request, empty } = context;
  const measurements = [
    measurement("memory.peak", ({ host }) => host, context),
    measurement("memory.model", ({ host }) => Math.max(1, host - empty), context)
  ];
  if ((request.session.provider ?? "cpu") !== "cpu") {
    measurements.push(measurement("memory.gpu", ({ gpu }) => gpu, context));
  }
  return measurements;
}
function measurement(metric, share, context) {
  const { subject, request, empty, peaks, base } = context;
  const { confidence } = request;
  const filled = emptyMeasurement(metric, subject, request);
  const values = told(peaks.get(subject.variant), share);
  if (!values) {
    return {
      ...filled,
      status: "skipped",
      reason: "nvidia-smi does not tell this GPU\u2019s memory, or another process uses it"
    };
  }
  const original = subject.variant === ORIGINAL ? null : told(peaks.get(ORIGINAL), share);
  const earlier = base && told(base, share);
  const { value, interval } = medianInterval(values, confidence);
  return {
    ...filled,
    value: Math.round(value),
    interval,
    n: values.length,
    ratio: original && ratio(values, original, confidence),
    base: earlier && {
      value: Math.round(median(earlier)),
      ratio: ratio(values, earlier, confidence),
      note: null
    },
    details: metric === "memory.gpu" ? filled.details : { baselineBytes: Math.round(empty) }
  };
}
function told(peaks, share) {
  const values = peaks.flatMap((peak) => share(peak) ?? []);
  return values.length === peaks.length ? values : null;
}
function ratio(values, reference, confidence) {
  return medianInterval(
    values.map((value, launch) => value / reference[launch]),
    confidence
  );
}

// src/measure/placement.ts
var DEFAULT_IGNORED_OPS = [
  "Add",
  "Cast",
  "Concat",
  "ConstantOfShape",
  "Div",
  "Equal",
  "Expand",
  "Floor",
  "Gather",
  "Greater",
  "Less",
  "Max",
  "Min",
  "Mod",
  "Mul",
  "Range",
  "ReduceProd",
  "Reshape",
  "Shape",
  "Size",
  "Slice",
  "Split",
  "Squeeze",
  "Sub",
  "Unsqueeze",
  "Where"
];
var PROFILED_RUNS = 3;
var CPU = "CPUExecutionProvider";
var TRANSFER = /^Memcpy(To|From)Host$/;
async function measurePlacement(request) {
  const measurements = [];
  for (const subject of request.subjects) {
    throwIfInterrupted(request.context.signal);
    try {
      measurements.push(...asMeasurements2(await placementOf(subject, request), subject, request));
    } catch (error) {
      if (error instanceof Interrupted || request.context.signal?.aborted) throw error;
      const reason = subjectFailure(error, subject);
      measurements.push(
        ...METRICS2.map((metric) => ({
          ...emptyMeasurement(metric, subject, request),
          status: "invalid",
          reason
        }))
      );
    }
  }
  return measurements;
}
var METRICS2 = ["placement.fallback", "placement.quantized"];
async function placementOf(subject, request) {
  const worker = await startWorker({
    model: subject.file,
    session: { ...request.session, graphOptimizationLevel: "extended" },
    ...request.context,
    profile: true,
    deadlineMs: request.deadlineMs
  });
  try {
    const feeds = timingFeeds(worker.opened.inputs, request.inputs);
    for (let run2 = 0; run2 < PROFILED_RUNS; run2++) await worker.call("run", { feeds, outputs: null });
    const { json, graph } = await worker.call("profile");
    return summarize(parseProfile(json), {
      graph,
      ignoreOps: request.ignoreOps
    });
  } finally {
    await worker.kill();
  }
}
function asMeasurements2(placement, subject, request) {
  const { operators, fallback, quantized, transfers } = placement;
  const asked = request.session.provider ?? "cpu";
  const share = emptyMeasurement("placement.quantized", subject, request);
  return [
    {
      ...emptyMeasurement("placement.fallback", subject, request),
      value: asked === "cpu" ? 0 : fallback,
      n: operators.reduce((sum, operator2) => sum + operator2.nodes, 0),
      details: { operators, transfers }
    },
    quantized === null ? { ...share, status: "skipped", reason: nothingToCount(operators) } : {
      ...share,
      value: quantized,
      details: { operators: operators.filter((operator2) => operator2.macs > 0) }
    }
  ];
}
function nothingToCount(operators) {
  return operators.some(({ operator: operator2 }) => /^(EPContext|TRTKernel)/.test(operator2)) ? "TensorRT runs the model as one node and does not tell which layers are reduced" : "the model has no convolution or matrix product to count";
}
function summarize(nodes, options) {
  const constants2 = new Map((options.graph ?? []).map((node) => [node.name, node.constants]));
  const groups = /* @__PURE__ */ new Map();
  for (const node of nodes) {
    const reduced = isReduced(node);
    const shapeArithmetic = options.ignoreOps ? options.ignoreOps.includes(node.operator) : DEFAULT_IGNORED_OPS.includes(node.operator) && givesShapes(node);
    const key = [node.operator, node.provider, reduced, shapeArithmetic].join(" ");
    const group = groups.get(key) ?? {
      operator: node.operator,
      provider: node.provider,
      nodes: 0,
      reduced,
      macs: 0,
      ms: 0,
      shapeArithmetic
    };
    group.nodes++;
    group.macs += multiplyAccumulates(node, constants2.get(node.name) ?? []);
    group.ms += steadyMs(node.durationsMs);
    groups.set(key, group);
  }
  const operators = [...groups.values()].sort(
    (a, b) => b.macs - a.macs || a.operator.localeCompare(b.operator)
  );
  const macs = operators.reduce((sum, operator2) => sum + operator2.macs, 0);
  const reducedMacs = operators.reduce((sum, operator2) => sum + (operator2.reduced ? operator2.macs : 0), 0);
  const count = (which) => operators.reduce((sum, operator2) => sum + (which(operator2) ? operator2.nodes : 0), 0);
  return {
    operators,
    fallback: count(
      ({ provider, operator: operator2, shapeArithmetic }) => provider === CPU && !shapeArithmetic && !TRANSFER.test(operator2)
    ),
    quantized: macs > 0 ? reducedMacs / macs : null,
    transfers: count(({ operator: operator2 }) => TRANSFER.test(operator2))
  };
}
var REDUCED_OPERATOR = /^(QLinear|QGemm|QAttention|QMoE|DynamicQuantize(?!Linear)|MatMulNBits|MatMulBnb4|GatherBlockQuantized)|Integer(ToFloat)?$/;
var REDUCED_TYPES = /* @__PURE__ */ new Set(["uint8", "int8", "uint4", "int4", "float16", "bfloat16"]);
function isReduced(node) {
  if (REDUCED_OPERATOR.test(node.operator)) return true;
  if (node.operator === "DequantizeLinear" || node.operator === "Cast") return false;
  return REDUCED_TYPES.has(node.inputs[0]?.type ?? "");
}
var SMALL_ELEMENTS = 16;
var INDEX_TYPES = /* @__PURE__ */ new Set(["int64", "int32", "bool"]);
function givesShapes(node) {
  return node.outputs.every(
    ({ type, dims }) => INDEX_TYPES.has(type) || elementCount(dims) <= SMALL_ELEMENTS
  );
}
function multiplyAccumulates(node, constants2) {
  const output = elementCount(node.outputs[0]?.dims ?? [0]);
  if (/^(Fused|QLinear|NhwcFused|Nhwc)?Conv(Integer)?$/.test(node.operator)) {
    const weight2 = constants2.find((dims) => dims && dims.length >= 3) ?? node.inputs.slice(1).find(({ dims }) => dims.length >= 3)?.dims;
    return weight2 ? output * elementCount(weight2.slice(1)) : 0;
  }
  if (/^Q?Attention$/.test(node.operator)) {
    const weight2 = constants2.find((dims) => dims?.length === 2);
    return weight2 ? elementCount(node.inputs[0]?.dims ?? [0]) / weight2[0] * elementCount(weight2) : 0;
  }
  if (/MatMul|Gemm/.test(node.operator)) {
    const columns = node.outputs[0]?.dims.at(-1) ?? 1;
    const weight2 = constants2.find((dims) => dims?.length === 2 && dims.includes(columns));
    if (weight2 && !/NBits|Bnb4/.test(node.operator)) return output * (elementCount(weight2) / columns);
    return output * (node.inputs[0]?.dims.at(-1) ?? 0);
  }
  return 0;
}
function steadyMs(durationsMs) {
  const steady = durationsMs.length > 1 ? durationsMs.slice(1) : durationsMs;
  return steady.reduce((sum, ms) => sum + ms, 0) / steady.length;
}

// src/measure/provider-notes.ts
function providerNotes({ model, provider, variants, trtexec }) {
  const note2 = (variant, code, message) => ({
    level: "warn",
    code,
    message,
    model,
    variant
  });
  return variants.flatMap(({ name, file, target }) => {
    if ((provider === "cuda" || provider === "webgpu") && target !== provider && quantizesActivations(file)) {
      return [
        note2(
          name,
          "provider.no-int8",
          `${provider} has no 8-bit convolutions or matrix products: ${name} computes in float32 between conversions there, or falls back to the CPU. ` + (provider === "cuda" ? "Measure it on tensorrt, or use float16." : "Use float16, or int8-weights.")
        )
      ];
    }
    if (provider !== "tensorrt") return [];
    const refused = refusedByTensorRt(file);
    if (refused !== null) {
      return [
        note2(
          name,
          "provider.not-tensorrt",
          `${name} is not shaped for TensorRT: ${refused}. Make it with \`preset: tensorrt\`, or as int8 for the provider tensorrt.`
        )
      ];
    }
    if (!trtexec && quantizesActivations(file)) {
      return [
        note2(
          name,
          "provider.no-trtexec",
          `onnxruntime-node can't allow TensorRT's INT8: ${name} runs in float32 there, or does not open, and its latency is not that of its engine. Put NVIDIA's trtexec on PATH, or name it in ${TRTEXEC_VARIABLE}: its engine is then built, timed and judged.`
        )
      ];
    }
    return [];
  });
}
var QUANTIZING = /* @__PURE__ */ new Set(["QuantizeLinear", "DynamicQuantizeLinear"]);
var quantizesActivations = (file) => readModel(file).graph.nodes.some(({ opType }) => QUANTIZING.has(opType));
function refusedByTensorRt(file) {
  const { graph } = readModel(file);
  const foreign = graph.nodes.find(({ opType }) => INTEGER_ARITHMETIC.test(opType));
  if (foreign) return `it has ${foreign.opType}, which TensorRT does not know`;
  for (const { opType, name, input } of graph.nodes) {
    if (opType !== "QuantizeLinear") continue;
    const zeroPoint = input[2] ? graph.constantValues(input[2]) : null;
    if (!input[2] || zeroPoint instanceof Uint8Array) {
      return `${name || opType} makes uint8, and TensorRT takes int8 only`;
    }
    if (zeroPoint && Array.from(zeroPoint).some((value) => Number(value) !== 0)) {
      return `${name || opType} has a zero-point other than 0`;
    }
  }
  return null;
}
var INTEGER_ARITHMETIC = /^(DynamicQuantizeLinear|MatMulInteger|ConvInteger|QLinear\w+|DynamicQuantizeMatMul|MatMulNBits)$/;

// src/measure/size.ts
import { createReadStream } from "node:fs";
import { stat as stat2 } from "node:fs/promises";
import { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
var GZIP_LEVEL = 6;
async function measureSize(file) {
  const outline = readModelOutline(file);
  let fileBytes = 0;
  let compressedBytes = 0;
  for (const path of filesOf(file, outline)) {
    fileBytes += (await stat2(path)).size;
    compressedBytes += await gzipSize(path);
  }
  return { fileBytes, compressedBytes, parameters: parameterCount(weightsOf(outline.proto)) };
}
async function gzipSize(path) {
  let bytes = 0;
  const count = new Writable({
    write(chunk, _encoding, done) {
      bytes += chunk.length;
      done();
    }
  });
  await pipeline(createReadStream(path), createGzip({ level: GZIP_LEVEL }), count);
  return bytes;
}

// src/measure/size-measurements.ts
var METRICS3 = [
  ["size.file", "fileBytes"],
  ["size.compressed", "compressedBytes"],
  ["size.parameters", "parameters"]
];
var ANYWHERE = { provider: null, batch: null, threads: null, concurrency: null };
async function sizeMeasurements(model, subjects) {
  const measurements = [];
  let original = null;
  for (const subject of subjects) {
    let size = null;
    let reason = null;
    try {
      size = await measureSize(subject.file);
    } catch (error) {
      if (subject.variant === ORIGINAL || !(error instanceof UserError)) throw error;
      reason = messageOf(error);
    }
    if (subject.variant === ORIGINAL) original = size;
    const base = subject.base ? await measureSize(subject.base) : null;
    for (const [metric, key] of METRICS3) {
      const at = { ...ANYWHERE, model, variant: subject.variant };
      measurements.push({
        ...blankMeasurement(at, metric),
        status: size ? "ok" : "invalid",
        reason,
        value: size ? size[key] : null,
        ratio: size && original && subject.variant !== ORIGINAL ? exactRatio(size[key], original[key]) : null,
        base: size && base ? { value: base[key], ratio: exactRatio(size[key], base[key]), note: null } : null
      });
    }
  }
  return measurements;
}
function exactRatio(value, reference) {
  return reference > 0 ? { value: value / reference, interval: null } : null;
}

// src/measure/tensorrt/engine-subjects.ts
async function engineSubjects(request, engines) {
  const { subjects, inputs, session } = request;
  const original = subjects[0];
  if (variesInShape(original.file)) {
    return asTheyCame(
      request,
      "the inputs vary in more than the batch, and an engine is built for one shape"
    );
  }
  const wrap = (file) => engines.wrapperOf({ file, inputs, deviceId: session.deviceId });
  const wrapped = [];
  for (const { variant, file, base } of subjects) {
    try {
      wrapped.push({ variant, file: await wrap(file), base: base ? await wrap(base) : null });
    } catch (error) {
      if (!(error instanceof UserError || error instanceof MachineError)) throw error;
      return asTheyCame(request, messageOf(error));
    }
  }
  try {
    const worker = await startWorker({
      model: wrapped[0].file,
      session,
      ...request.context
    });
    await worker.close();
  } catch (error) {
    if (error instanceof Interrupted || request.context.signal?.aborted) throw error;
    return asTheyCame(request, messageOf(error));
  }
  return { subjects: wrapped, notes: [] };
}
function asTheyCame({ subjects, model }, why) {
  const note2 = {
    level: "warn",
    code: "tensorrt.engine-not-judged",
    message: `Memory, placement, accuracy and fidelity on tensorrt are those of the files through ONNX Runtime, not of the engines that were timed: ${why}`,
    model,
    variant: null
  };
  return { subjects, notes: [note2] };
}
var variesInShape = (file) => modelInputs(readModel(file)).some(
  ({ shape }) => shape?.some((dim, axis) => typeof dim === "string" && axis > 0)
);

// src/measure/measure.ts
async function measureModel(request) {
  const { model, benchmark, context } = request;
  const result = { measurements: [], notes: [] };
  countGpusAsNvidiaSmi();
  context.log.info(`${model.name}: measuring size`);
  result.measurements.push(...await sizeMeasurements(model.name, subjectsOf(request, null)));
  const sample = await firstSample(request.evaluation ?? request.calibration);
  for (const provider of benchmark.providers) {
    const measured = await measureOnProvider(request, provider, sample);
    result.measurements.push(...measured.measurements);
    result.notes.push(...measured.notes);
  }
  return result;
}
async function measureOnProvider(request, provider, sample) {
  const { context, benchmark } = request;
  return aloneOnGpu({ provider, deviceId: benchmark.device, context }, async () => {
    const engines = provider === "tensorrt" ? await openTensorRtEngines({ context }) : null;
    try {
      return await measureWith(request, provider, { sample, engines });
    } finally {
      await engines?.remove();
    }
  });
}
async function measureWith(request, provider, { sample, engines }) {
  const { model, benchmark, confidence, context } = request;
  const { log } = context;
  const deviceId = benchmark.device;
  const [original, ...variants] = subjectsOf(request, provider);
  log.info(`${model.name}: measuring latency on ${provider}`);
  const latency = await measureLatency({
    model: model.name,
    original: { file: original.file, base: original.base ?? null },
    variants: variants.map(({ variant, file, base }) => ({ name: variant, file, base: base ?? null })),
    provider,
    context,
    benchmark,
    confidence,
    precision: benchmark.precision === void 0 ? precisionFor(request.checks) : Math.log1p(benchmark.precision),
    sample,
    engines,
    deviceId
  });
  const broken = new Set(
    latency.measurements.filter(({ status }) => status === "invalid").map(({ variant }) => variant)
  );
  const subjects = [original, ...variants.filter(({ variant }) => !broken.has(variant))];
  const single = {
    model: model.name,
    subjects,
    context,
    session: { provider, threads: threadsOf(benchmark), deviceId },
    inputs: { batch: benchmark.batch[0] ?? 1, shapes: benchmark.shapes, sample }
  };
  log.info(`${model.name}: measuring memory and placement on ${provider}`);
  const engine = engines && await engineSubjects(single, engines);
  const opened = { ...single, subjects: engine?.subjects ?? subjects };
  const memory = await measureMemory({ ...opened, confidence });
  const ignoreOps = request.checks.find(({ metric }) => metric === "placement.fallback")?.ignoreOps;
  const placement = await measurePlacement({ ...opened, ignoreOps });
  log.info(`${model.name}: measuring accuracy and fidelity on ${provider}`);
  const judged = engines && await engineSubjects({ ...single, inputs: { ...single.inputs, batch: 1 } }, engines);
  const accuracy = await evaluateModel({
    model,
    subjects: judged?.subjects ?? subjects,
    session: single.session,
    evaluation: request.evaluation,
    calibration: request.calibration,
    shapes: benchmark.shapes,
    confidence,
    checks: request.checks,
    questionOriginal: request.questionOriginal ?? true,
    allowCommands: request.allowCommands,
    directory: request.directory,
    context
  });
  return {
    measurements: [...latency.measurements, ...memory, ...placement, ...accuracy.measurements],
    notes: [
      ...providerNotes({
        model: model.name,
        provider,
        variants: request.variants.flatMap(
          ({ name, file, providers, report }) => file !== null && providers.includes(provider) ? [{ name, file, target: report.target }] : []
        ),
        trtexec: engines !== null
      }),
      ...latency.notes,
      ...judged?.notes ?? [],
      ...accuracy.notes
    ]
  };
}
function subjectsOf({ model, variants, base }, provider) {
  const chosen = variants.filter(
    (variant, index) => variant.file !== null && (provider === null ? variants.findIndex(({ name }) => name === variant.name) === index : variant.providers.includes(provider))
  );
  return [
    { variant: ORIGINAL, file: model.path, base: base?.original ?? null },
    ...chosen.map((variant) => ({
      variant: variant.name,
      file: variant.file,
      base: base?.variants.get(variant.name)?.find(sameTarget(variant))?.file ?? null
    }))
  ];
}
var sameTarget = (head) => (candidate) => candidate.report.target === head.report.target;
async function firstSample(data) {
  if (!data) return null;
  for await (const sample of data.samples()) return sample.feeds;
  return null;
}
function threadsOf(benchmark) {
  return benchmark.threads === "auto" ? availableCores() : benchmark.threads[0];
}

// src/onnx/operator-count.ts
function countOperators(model) {
  const count = (nodes) => nodes.reduce((sum, node) => {
    const inner = subgraphsOf(node).reduce((total, graph) => total + count(graph.node), 0);
    return sum + (node.opType === "Constant" ? 0 : 1) + inner;
  }, 0);
  return count(model.graph.nodes);
}

// src/ready.ts
import { existsSync as existsSync3 } from "node:fs";
function assertReady(models, { checks, file, benchmark }) {
  assertShapesKnown(
    benchmark.shapes,
    models.flatMap(({ document }) => modelInputs(document)),
    "benchmark.shapes"
  );
  for (const { config, document, calibration, evaluation } of models) {
    const classified = config.task === "classification" && evaluation !== null;
    if (config.output !== null || classified) {
      const outputs = modelOutputs(document);
      const scored = scoredOutput(outputs, config.output, config.name);
      if (classified) assertLabelsInRange(evaluation, scored, { ...config, outputs });
    }
    const { evaluator } = config;
    if (evaluator !== null && "module" in evaluator && !existsSync3(evaluator.module)) {
      throw new UserError(
        `The evaluator of model '${config.name}' does not exist: ${evaluator.module}. Correct its 'module'.`
      );
    }
    const static8 = config.variants.find(
      (variant) => variant.kind === "quantize" && variant.method === "int8-static"
    );
    if (static8 && calibration === null) {
      throw new UserError(
        `Variant '${static8.name}' of model '${config.name}': int8-static needs calibration data: name it under data.calibration.`
      );
    }
  }
  for (const check of checks) {
    const lacking = withoutLabels(check, models);
    if (lacking === null) continue;
    const place = file === null ? "" : `${displayName(file)}${check.line === null ? "" : `:${check.line}`}: `;
    throw new UserError(
      `${place}thresholds.${check.id}: ${check.metric} needs labelled samples, and ${lacking.description} has no labels. Add labels (class folders, or an array or column 'labels'), or remove the check.`
    );
  }
}
function withoutLabels(check, models) {
  const tasks = metricDefinition(check.metric)?.tasks ?? [];
  if (check.level === "off" || !tasks.some(needsLabels)) return null;
  const { model: patterns } = check.where;
  const scored = models.filter(
    ({ config }) => tasks.includes(config.task) && (patterns === void 0 || patterns.some((pattern) => matchesPattern(config.name, pattern)))
  );
  if (scored.some(({ evaluation }) => evaluation?.labelled)) return null;
  return scored.find(({ evaluation }) => evaluation !== null)?.evaluation ?? null;
}

// src/variants/base.ts
import { join as join8 } from "node:path";

// src/variants/make.ts
import { existsSync as existsSync5, mkdirSync, mkdtempSync, readdirSync as readdirSync2, renameSync, rmSync } from "node:fs";
import { basename as basename3, dirname as dirname9, join as join7 } from "node:path";

// src/variants/command.ts
import { existsSync as existsSync4 } from "node:fs";
var TAIL_LENGTH = 2e3;
async function runVariantCommand(request) {
  const { command, model, output, directory, timeoutMs } = request;
  const { log, signal } = request.context;
  const fill = (text2) => text2.replaceAll("{output}", output).replaceAll("{model}", model);
  const [program, ...args] = command.map(fill);
  const shown = [program, ...args].join(" ");
  log.debug(`running: ${shown}`);
  const end = await runProgram(program, args, { directory, timeoutMs, signal, keptLength: TAIL_LENGTH });
  if (end.startError !== null) {
    throw new UserError(`The command \`${shown}\` can't be started: ${end.startError}`);
  }
  if (end.stopped !== null) {
    throw new UserError(
      `The command \`${shown}\` took longer than ${timeoutMs / 1e3} s and was stopped.${quoted2(end.said)}`
    );
  }
  if (end.exitCode !== 0) {
    const how = end.signal ?? `exit code ${end.exitCode}`;
    throw new UserError(`The command \`${shown}\` ended with ${how}.${quoted2(end.said)}`);
  }
  if (!existsSync4(output)) {
    throw new UserError(
      `The command \`${shown}\` succeeded but wrote no file at {output} (${output}).${quoted2(end.said)}`
    );
  }
}
function quoted2(tail) {
  const text2 = tail.trim();
  return text2 === "" ? "" : `
${text2.split("\n").slice(-12).join("\n")}`;
}

// src/variants/unchanged.ts
import { createHash } from "node:crypto";
import { dirname as dirname8 } from "node:path";
async function unchangedReason2({ model, file, groups }) {
  if (groups !== null) return groups.quantized === 0 ? "nothing in it was quantized" : null;
  if (await sameFiles2(model, file)) return "its file is a copy of the original";
  const [original, variant] = [contents(model), contents(file)];
  return original !== null && original === variant ? "it has the operators and the weights of the original" : null;
}
async function sameFiles2(one, other) {
  const [a, b] = [filesOf(one), filesOf(other)];
  if (a.length !== b.length) return false;
  for (const [at, file] of a.entries()) {
    if (await sha256OfFile(file) !== await sha256OfFile(b[at])) return false;
  }
  return true;
}
function contents(file) {
  const { proto } = readModel(file);
  const found2 = [];
  const visit = (nodes) => {
    for (const node of nodes) {
      if (node.opType !== "Constant") found2.push(operator(node));
      for (const graph of subgraphsOf(node)) visit(graph.node);
    }
  };
  try {
    visit(proto.graph?.node ?? []);
    for (const { node } of proto.functions) visit(node);
    for (const { tensor } of weightsOf(proto)) found2.push(weight(tensor, dirname8(file)));
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
  return found2.sort().join();
}
function operator({ domain, opType, attribute }) {
  const plain = attribute.filter(({ t, g, tensors, graphs }) => !t && !g && tensors.length + graphs.length === 0).map((one) => `${one.name}=${Buffer.from(toBinary(AttributeProtoSchema, one)).toString("base64")}`);
  return `${domain}:${opType}(${plain.sort().join()})`;
}
function weight(tensor, directory) {
  const hash = createHash("sha256").update(`${tensor.dataType}[${tensor.dims.join()}]`);
  if (tensor.stringData.length > 0) for (const text2 of tensor.stringData) hash.update(text2).update("\0");
  else hash.update(tensorBytes(tensor, directory));
  return hash.digest("hex");
}

// src/variants/make.ts
async function makeVariants(request) {
  const variants = [];
  for (const config of request.model.variants) {
    for (const [target, providers] of targetsOf(config, request.providers)) {
      throwIfInterrupted(request.context.signal);
      variants.push(await makeVariant(request, config, { target, providers }));
    }
  }
  return variants;
}
function targetsOf(config, providers) {
  if (config.kind !== "quantize") return /* @__PURE__ */ new Map([[null, [...providers]]]);
  if (config.target !== null) return /* @__PURE__ */ new Map([[config.target, [...providers]]]);
  const targets = /* @__PURE__ */ new Map();
  for (const provider of providers) {
    const target = config.preset === "tensorrt" ? "tensorrt" : targetOf(provider);
    targets.set(target, [...targets.get(target) ?? [], provider]);
  }
  return targets;
}
async function makeVariant(request, config, { target, providers }) {
  const { model, directory } = request;
  const many = config.kind === "quantize" && new Set(request.providers.map((name) => targetOf(name))).size > 1;
  const out = join7(
    directory,
    safeName(model.name),
    `${safeName(config.name)}${many && target ? `.${target}` : ""}.onnx`
  );
  mkdirSync(dirname9(out), { recursive: true });
  const report = {
    name: config.name,
    method: config.kind === "quantize" ? config.method : config.kind,
    preset: config.kind === "quantize" ? config.preset : null,
    target,
    file: null,
    sha256: null,
    status: "ok",
    reason: null,
    groups: null,
    provenance: { quantgate: VERSION }
  };
  try {
    const { file, notes } = await makeFile(config, { request, out, target, report });
    report.file = shownPath(file, dirname9(directory));
    report.sha256 = await sha256OfFile(file);
    report.unchanged = await unchangedReason2({ model: model.path, file, groups: report.groups });
    return { name: config.name, file, providers, report, notes };
  } catch (error) {
    if (error instanceof UserError) {
      throw new UserError(`Variant '${config.name}' of model '${model.name}': ${messageOf(error)}`);
    }
    throw error;
  }
}
async function makeFile(config, making) {
  if (config.kind === "file") return takeFile(config, making);
  if (config.kind === "command") return await runCommand(config, making);
  return await quantize(config, making);
}
function takeFile({ file }, { request, report }) {
  if (!existsSync5(file)) throw new UserError(`its file ${file} does not exist.`);
  readModel(file);
  report.provenance = { ...report.provenance, file: shownPath(file, request.configDirectory) };
  return { file, notes: [] };
}
async function runCommand(config, { request, out, report }) {
  const { model, context } = request;
  if (!request.allowCommands) {
    throw new UserError("it is made by a command, and commands are not allowed here (allow-commands).");
  }
  context.log.info(`${model.name}: making ${config.name} with \`${config.command.join(" ")}\``);
  const folder = dirname9(out);
  const temporary = mkdtempSync(join7(folder, ".command-"));
  try {
    await runVariantCommand({
      command: config.command,
      model: model.path,
      output: join7(temporary, basename3(out)),
      directory: request.configDirectory,
      timeoutMs: config.timeoutMs,
      context
    });
    readModel(join7(temporary, basename3(out)));
    for (const name of readdirSync2(temporary)) renameSync(join7(temporary, name), join7(folder, name));
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
  report.provenance = { ...report.provenance, command: config.command };
  return { file: out, notes: [] };
}
async function quantize(config, { request, out, target, report }) {
  const { model, context, deviceId } = request;
  const purpose = `${config.method}${target ? `, for ${target}` : ""}`;
  context.log.info(`${model.name}: quantizing ${config.name} (${purpose})`);
  const quantizing = {
    model: model.path,
    out,
    options: config,
    target: target ?? "cpu",
    calibration: request.calibration,
    verify: true,
    repair: config.repair,
    checks: request.checks ?? [],
    subject: { model: model.name, variant: config.name },
    deviceId,
    context
  };
  const provider = config.method === "auto" ? quantizing.target : "cpu";
  const result = await aloneOnGpu({ provider, deviceId, context }, () => quantizeVerified(quantizing));
  report.groups = result.groups;
  report.verification = result.verification;
  report.provenance = { ...report.provenance, ...result.provenance };
  return {
    file: result.file,
    notes: result.notes.map((note2) => ({ ...note2, model: model.name, variant: config.name }))
  };
}

// src/variants/base.ts
async function makeBaseVariants(request) {
  const { head, base, ...making } = request;
  if (base === null) return { files: null, notes: [], unreadable: [] };
  const found2 = base.models[head.name] ?? { status: "missing", reason: `${head.name} is not in the base.` };
  if (found2.status !== "found") return withoutModel(head.name, found2);
  const shared = found2.model.variants.filter(
    ({ name }) => head.variants.some((variant) => variant.name === name)
  );
  const variants = /* @__PURE__ */ new Map();
  const unreadable2 = [];
  const lacking = (variant, reason) => void unreadable2.push({ model: head.name, variant, reason });
  for (const { name } of head.variants) {
    if (found2.unreadable[name] !== void 0) lacking(name, found2.unreadable[name]);
  }
  for (const config of shared) {
    try {
      const made = await makeVariants({
        ...making,
        model: { ...found2.model, name: head.name, variants: [config] },
        directory: join8(request.directory, base.sha.slice(0, 12))
      });
      variants.set(config.name, made);
      lacking(config.name, noFigure(config.name, made));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      lacking(config.name, `The base's '${config.name}' can't be built: ${messageOf(error)}`);
    }
  }
  const notes = [
    ...baselineNote(head.name, found2),
    ...unreadable2.filter(({ variant }) => !variants.has(variant)).map(
      ({ variant, reason }) => note({ code: "base.failed", message: reason, model: head.name, variant })
    ),
    ...unshared(head, found2)
  ];
  return { files: { original: found2.model.path, variants }, notes, unreadable: unreadable2 };
}
function baselineNote(model, { baseline }) {
  if (baseline === null) return [];
  const message = `Compared with the baseline that the base's configuration names: ${baseline}.`;
  return [note({ code: "base.baseline", message, model, variant: null })];
}
function withoutModel(model, { status, reason }) {
  const missing = status === "missing";
  const code = missing ? "base.missing" : "base.unreadable";
  const told2 = note({ code, message: reason, model, variant: null });
  return { files: null, notes: [told2], unreadable: missing ? [] : [{ model, variant: null, reason }] };
}
function noFigure(name, made) {
  const failed = made.find(({ report }) => report.status === "failed");
  if (failed) return `The base's '${name}' could not be made: ${failed.report.reason ?? "no reason given"}`;
  const targets = [...new Set(made.map(({ report }) => report.target).filter((one) => one !== null))];
  const where = targets.length > 0 ? ` (made for ${targets.join(", ")})` : "";
  return `The base's '${name}'${where} gave no such figure in this run.`;
}
function unshared(head, found2) {
  return head.variants.filter(({ name }) => name !== ORIGINAL && found2.unreadable[name] === void 0).filter(({ name }) => !found2.model.variants.some((variant) => variant.name === name)).map(({ name, kind }) => {
    const message = kind === "command" ? `'${name}' is made by a command, which can't be run for the base: there is nothing to compare with.` : `'${name}' is new: the base has no such variant to compare with.`;
    return note({ code: "base.new-variant", message, model: head.name, variant: name });
  });
}
function note(told2) {
  return { level: "info", ...told2 };
}

// src/run.ts
async function run(request) {
  const { config, out, context } = request;
  const startedAt = /* @__PURE__ */ new Date();
  assertApplicable(config);
  assertWaiversCurrent(config.waivers, today(startedAt), config.file);
  assertWritable(out);
  removeUnfinished(out);
  const lastModels = modelsOfLastRun(out);
  const kept = await findKept(request);
  const models = kept.size === config.models.length ? [] : await openModels(request);
  const environment2 = await readEnvironment(context.runtime);
  const found2 = [];
  const measured = [];
  for (const [index, model] of config.models.entries()) {
    throwIfInterrupted(context.signal);
    const result = kept.get(model.name) ?? await runModel(request, models[index]);
    if (!kept.has(model.name)) measured.push([model, result]);
    found2.push(result);
  }
  const measurements = found2.flatMap((result) => result.measurements);
  context.log.info("judging");
  const { results, verdict } = judgeModels(request, found2, today(startedAt));
  const report = {
    schemaVersion: 1,
    tool: { name: "quantgate", version: VERSION },
    startedAt: startedAt.toISOString(),
    durationMs: Date.now() - startedAt.getTime(),
    verdict,
    environment: { ...environment2, ...noiseOf(measurements) },
    models: found2.map((result) => result.report),
    measurements,
    checks: results,
    notes: withoutRepeats(found2.flatMap((result) => result.notes)),
    thresholds: request.thresholds,
    source: request.source
  };
  const files = writeReport(report, out);
  await removeLeftovers(out, lastModels, report);
  for (const [model, result] of measured) {
    const own = results.filter((check) => check.model === model.name);
    if (runVerdict(own, result.measurements) === "pass") await request.kept?.keep(model, result);
  }
  return { report, files };
}
function judgeModels({
  config,
  baseProblem,
  onUnreadableBase = "error"
}, found2, day) {
  const everywhere = baseProblem ? [{ model: null, variant: null, reason: baseProblem }] : [];
  return judge({
    ...config,
    measurements: found2.flatMap(({ measurements }) => measurements),
    unchanged: unchangedOf(found2),
    unreadableBase: [...everywhere, ...found2.flatMap(({ unreadableBase }) => unreadableBase ?? [])],
    onUnreadableBase,
    today: day
  });
}
async function findKept({ config, kept }) {
  const found2 = /* @__PURE__ */ new Map();
  for (const model of kept ? config.models : []) {
    const result = await kept.find(model);
    if (result) found2.set(model.name, result);
  }
  return found2;
}
async function openModels({ config, context }) {
  const documents = config.models.map((model) => ({ config: model, document: readModel(model.path) }));
  const models = [];
  for (const model of documents) models.push({ ...model, ...await openData(model) });
  for (const { message } of models.flatMap(dataNotes)) context.log.warn(message);
  assertReady(models, config);
  const { providers, device } = config.benchmark;
  await assertProvidersOpen(providers, { context, deviceId: device });
  return models;
}
function unchangedOf(results) {
  return results.flatMap(({ report }) => {
    const names = new Set(report?.variants.map(({ name }) => name));
    return [...names].flatMap((variant) => {
      const reason = unchangedReason(report, variant);
      return reason === null ? [] : [{ model: report.name, variant, reason }];
    });
  });
}
function noiseOf(measurements) {
  const noiseFloor = noiseFloorOf(measurements);
  return noiseFloor === null ? {} : { noiseFloor, noiseFloorFrom: "ratios" };
}
function withoutRepeats(notes) {
  const said2 = /* @__PURE__ */ new Set();
  return notes.filter((note2) => {
    const key = JSON.stringify(note2);
    if (said2.has(key)) return false;
    said2.add(key);
    return true;
  });
}
async function runModel(request, model) {
  const { config, context } = request;
  const { calibration, evaluation } = model;
  const directory = reportFiles(request.out).models;
  const making = {
    providers: config.benchmark.providers,
    deviceId: config.benchmark.device,
    calibration,
    context,
    allowCommands: request.allowCommands,
    checks: config.checks,
    configDirectory: config.directory
  };
  const baseDirectory = join9(request.out, ".base");
  try {
    const variants = await makeVariants({ ...making, model: model.config, directory });
    const base = await makeBaseVariants({
      ...making,
      head: model.config,
      base: request.base,
      directory: baseDirectory
    });
    const measured = await measureModel({
      model: model.config,
      variants,
      base: base.files,
      evaluation,
      calibration,
      benchmark: config.benchmark,
      checks: config.checks,
      confidence: config.confidence,
      questionOriginal: config.onChance !== "off",
      allowCommands: request.allowCommands,
      directory: config.directory,
      context
    });
    return {
      report: await describeModel(model, {
        variants,
        parameters: parametersOf(measured.measurements)
      }),
      measurements: measured.measurements,
      unreadableBase: base.unreadable,
      notes: [
        ...dataNotes(model),
        ...variants.flatMap((variant) => variant.notes),
        ...base.notes,
        ...measured.notes
      ]
    };
  } finally {
    rmSync2(baseDirectory, { recursive: true, force: true });
  }
}
function dataNotes({ config, calibration, evaluation }) {
  const warnings = [calibration, evaluation].flatMap((data) => data?.warnings ?? []);
  return [...new Set(warnings)].map((message) => ({
    level: "warn",
    code: "data.odd",
    message,
    model: config.name,
    variant: null
  }));
}
async function openData({
  config,
  document
}) {
  const inputs = modelInputs(document);
  const { calibration: calibrationConfig, evaluation: evaluationConfig } = config.data;
  const calibration = calibrationConfig ? await openDataset(calibrationConfig, inputs) : null;
  const evaluation = evaluationConfig ? await openDataset(evaluationConfig, inputs) : null;
  if (calibration && evaluation) await assertDisjoint(calibration, evaluation);
  return { calibration, evaluation };
}
async function describeModel({ config, document, calibration, evaluation }, parts) {
  const sha256 = await sha256OfFile(config.path);
  const describe = (data) => data && { description: data.description, samples: data.length };
  return {
    name: config.name,
    path: shownPath(config.path),
    task: config.task,
    sha256,
    opset: document.opset() || null,
    operators: countOperators(document),
    parameters: parts.parameters,
    evaluation: describe(evaluation),
    calibration: describe(calibration),
    variants: [originalReport(sha256), ...parts.variants.map((variant) => variant.report)]
  };
}
function parametersOf(measurements) {
  const found2 = measurements.find(
    ({ metric, variant }) => metric === "size.parameters" && variant === ORIGINAL
  );
  return found2?.value ?? 0;
}
function originalReport(sha256) {
  return {
    name: ORIGINAL,
    method: ORIGINAL,
    preset: null,
    target: null,
    file: null,
    sha256,
    status: "ok",
    reason: null,
    groups: null,
    provenance: {}
  };
}
function today(date) {
  return date.toISOString().slice(0, 10);
}

export {
  readContext,
  sourceRevision,
  isAboutItsHead,
  Unreadable,
  physicalPath,
  relativeInside,
  Git,
  GitError,
  counterpart,
  repositoryPaths,
  findBase,
  measuredCommit,
  assertApplicable,
  run
};
