import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  sha256OfFile
} from "./chunk-LQIED5SV.js";
import {
  externalLocations
} from "./chunk-KL4S4GDE.js";
import {
  parseConfig
} from "./chunk-HG7K7Y73.js";
import {
  readModelOutline
} from "./chunk-QBQKLG2U.js";
import {
  physicalPath,
  relativeInside
} from "./chunk-VAR2GFSU.js";
import {
  runProgram
} from "./chunk-YKREVSBC.js";
import {
  shownPath
} from "./chunk-XUJYCSQL.js";
import {
  scratchFolder
} from "./chunk-65YWRPIP.js";
import {
  isLfsPointerFile
} from "./chunk-57WIVW7N.js";
import {
  Interrupted,
  MachineError,
  UserError,
  codeOf,
  messageOf
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
  const run = object(root?.workflow_run);
  const id = integer(run?.id);
  const headSha = sha(run?.head_sha);
  if (!run || !id || !headSha) return null;
  const headOwner = text(object(object(run.head_repository)?.owner)?.login);
  const branch = text(run.head_branch);
  return {
    id,
    attempt: integer(run.run_attempt) ?? 1,
    headSha,
    head: headOwner && branch ? `${headOwner}:${branch}` : null,
    event: text(run.event) ?? "",
    conclusion: text(run.conclusion),
    url: text(run.html_url)
  };
}
function isFork(root, repository) {
  const pull = object(root?.pull_request);
  if (pull) {
    const name = text(object(object(pull.head)?.repo)?.full_name);
    return name?.toLowerCase() !== repository.toLowerCase();
  }
  const run = object(root?.workflow_run);
  if (run) {
    return text(object(run.head_repository)?.full_name)?.toLowerCase() !== repository.toLowerCase();
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
import { existsSync } from "node:fs";
import { dirname as dirname2, join as join2, resolve } from "node:path";

// src/github/base/safe-home.ts
import { readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
function safeHome(directory) {
  const home = scratchFolder("home");
  const user = process.env.HOME || homedir();
  for (const name of hiddenFiles(user)) symlinkSync(join(user, name), join(home, name));
  const lines = [
    `[include]
	path = ${quoted(join(user, ".gitconfig"))}`,
    "[safe]",
    // The oldest know no `*`: the work tree is one of these.
    ...[...above(directory), "*"].map((path) => `	directory = ${quoted(path)}`)
  ];
  writeFileSync(join(home, ".gitconfig"), `${lines.join("\n")}
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
  const next = dirname(directory);
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
    const top = topOf(resolve(directory));
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
    const tops = foldersAbove(start).filter((folder) => existsSync(join2(folder, ".git")));
    const found2 = tops.find(
      (top, index) => tops.slice(index + 1).every((outer) => relativeInside(physicalPath(outer), physicalPath(top)) !== null)
    );
    if (found2 !== void 0) return found2;
  }
  return null;
}
function foldersAbove(folder) {
  const above2 = dirname2(folder);
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
  const told = faults.length > 0 ? faults.slice(0, MAX_FAULTS) : lines.slice(-MAX_FAULTS);
  return told.join("; ").replace(/\.(?=;|$)/g, "").replace(/\/\/[^/@\s]+@/g, "//");
}
var FAULT = /^(fatal|error|remote): (?:error: )?/i;
var MAX_FAULTS = 3;

// src/github/base/models.ts
import { dirname as dirname4, join as join4 } from "node:path";
import { isDeepStrictEqual } from "node:util";

// src/github/base/baseline.ts
import { constants, copyFile, mkdir, mkdtemp, stat } from "node:fs/promises";
import { basename, dirname as dirname3, join as join3, resolve as resolve2 } from "node:path";
async function takeBaseline(baseline, place) {
  const directory = await mkdtemp(join3(place.directory, "baseline-"));
  const taking = { directory, workspace: place.workspace };
  const file = await take(baseline.file, {
    ...taking,
    name: basename(baseline.file),
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
    await take(join3(dirname3(baseline.file), name), { ...taking, name, sha256 });
  }
  return { file, beside };
}
function shownBaseline({ file }, { workspace }) {
  return shownPath(file, workspace ?? void 0);
}
async function take(source, { name, sha256, directory, workspace }) {
  const shown = shownPath(source, workspace ?? void 0);
  const target = resolve2(directory, name);
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
  await mkdir(dirname3(target), { recursive: true });
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
    ...beside.map((name) => [join4(dirname4(base), name), join4(dirname4(head), name)])
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
  const told = (message2, remedy) => new Unreadable({ cause: `${what} ${message2}`, remedy }, { cause: error });
  const { message } = error;
  if (isMissing(error)) {
    return told(
      `is not on ${remote} (any more).`,
      "See whether it was rewritten or removed, and check the input `base` where it is set."
    );
  }
  if (/has no remote/.test(message)) {
    return told(
      "is not in this checkout, which has no remote to fetch it from.",
      "Check out with `fetch-depth: 0`."
    );
  }
  if (/Authentication failed|could not read (Username|Password)|Permission denied|returned error: 40[13]|Repository not found/i.test(
    message
  )) {
    return told(
      `can't be fetched: ${remote} refuses (${message}).`,
      `Give the job \`contents: read\` and the input \`token\`. ${HAVE_IT}`
    );
  }
  return told(
    `can't be fetched from ${remote}: ${message}.`,
    `See that the runner reaches ${remote}. ${HAVE_IT}`
  );
}

// src/github/base/revision.ts
async function findBaseRevision(git, request) {
  const { ref, event } = request;
  const fetcher = new Fetcher(git, request.log);
  if (ref) {
    const { tip: tip2, note: note2 } = await resolveRef(git, fetcher, request);
    const found3 = await fromTip(tip2, fetcher, { name: ref, event });
    if (event.pullRequestHead) await assertNotWithin(git, found3, event.pullRequestHead);
    return withNote(found3, note2);
  }
  if (!event.sha) return null;
  const name = event.branch ?? null;
  const merged = await mergedInto(git, event);
  if (merged && await isHad(fetcher, merged)) return { sha: merged, tip: merged, name, note: null };
  const { tip, note } = await eventTip(fetcher, event);
  const found2 = event.pullRequestHead ? await fromTip(tip, fetcher, { name, event }) : { sha: tip, tip, name, note: null };
  return withNote(found2, note);
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
  const note = `The merge base with ${tip.slice(0, 12)} is out of reach, so that commit itself is the base.`;
  return { sha: tip, tip, name, note };
}
async function assertNotWithin(git, { tip, name }, head) {
  const within = tip === head || await git.ask(["merge-base", "--is-ancestor", head, tip]) !== null;
  if (!within) return;
  throw new Unreadable({
    cause: `The base '${name}' contains the pull request itself (${head.slice(0, 12)}), which would be judged by its own thresholds.`,
    remedy: "Name the branch that it is to be merged into in the input `base`, or leave the input out."
  });
}
function withNote(revision, note) {
  const notes = [note, revision.note].filter((one) => one !== null);
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
import { dirname as dirname6, join as join5, posix } from "node:path";

// src/github/base/repository-path.ts
import { dirname as dirname5, relative, resolve as resolve3, sep } from "node:path";
function repositoryPaths(root, path) {
  const absolute = resolve3(path);
  const entrance = ancestors(absolute).find((one) => relativeInside(root, physicalPath(one)) !== null);
  const resolved = relativeInside(root, physicalPath(absolute));
  const written = entrance === void 0 ? null : relativeInside(root, resolve3(physicalPath(entrance), relative(entrance, absolute)));
  const found2 = [written, resolved].filter((one) => one !== null && one !== "");
  return [...new Set(found2.map((one) => one.split(sep).join("/")))];
}
function ancestors(path) {
  const above2 = dirname5(path);
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
    const told = await this.#git.ask(["check-ignore", "--verbose", "--", inside2]);
    return told === null ? null : told.split("	")[0];
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
    const target = join5(this.#directory, ...path.split("/"));
    await mkdir2(dirname6(target), { recursive: true });
    const file = await this.#fileAt(path);
    const options = { output: target, env: { GIT_ATTR_SOURCE: this.sha } };
    const how = await this.#isFiltered(file) ? "--filters" : "blob";
    await this.#git.runRemote(["cat-file", how, `${this.sha}:${file}`], options);
    if (await isLfsPointerFile(target)) await this.#smudge(target, path);
    return target;
  }
  async #isFiltered(file) {
    const options = { env: { GIT_ATTR_SOURCE: this.sha } };
    const told = await this.#git.run(["check-attr", "-z", "filter", "--", file], options);
    const [, , filter] = told.split("\0");
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

export {
  readContext,
  sourceRevision,
  isAboutItsHead,
  Unreadable,
  Git,
  GitError,
  counterpart,
  repositoryPaths,
  findBase,
  measuredCommit
};
