import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  aloneOnGpu,
  openTensorRtEngines
} from "./chunk-QZKSZ7HT.js";
import {
  assertLabelsInRange,
  evaluateModel,
  needsLabels
} from "./chunk-SXKPFADR.js";
import {
  assertWaiversCurrent,
  assertWritable,
  covers,
  demandsOf,
  judge,
  reportFiles,
  runVerdict,
  writeReport
} from "./chunk-ZQLFFVPL.js";
import {
  matchesPattern
} from "./chunk-UFU2BEZ6.js";
import {
  assertProvidersOpen,
  noiseFloorOf,
  readEnvironment
} from "./chunk-TEZJVF4A.js";
import {
  TRTEXEC_VARIABLE,
  countGpusAsNvidiaSmi,
  measureLatency,
  snapshotGpu,
  startedByUs
} from "./chunk-IZQF6FWG.js";
import {
  WorkerError,
  assertShapesKnown,
  availableCores,
  startWorker,
  timingFeeds
} from "./chunk-WWK6ANO5.js";
import {
  precisionFor
} from "./chunk-27DI4K3I.js";
import {
  median,
  medianInterval
} from "./chunk-M5WQ36NC.js";
import {
  parseProfile,
  quantizeVariant,
  targetOf
} from "./chunk-SXJVGGMD.js";
import {
  measureSize
} from "./chunk-6UF3QENQ.js";
import {
  openDataset,
  parseConfig,
  scoredOutput,
  shownPath
} from "./chunk-KSN4Z3NH.js";
import {
  modelInputs,
  modelOutputs
} from "./chunk-AQMFQ5P4.js";
import {
  safeName
} from "./chunk-5FHREP6Y.js";
import {
  ConfigError,
  displayName
} from "./chunk-YLLLCSRG.js";
import {
  didYouMean
} from "./chunk-V3ZUR56S.js";
import {
  encodeModel,
  makeModel,
  makeNode,
  makeValue
} from "./chunk-GPC3L3RH.js";
import {
  METRICS,
  ORIGINAL,
  blankMeasurement,
  metricDefinition
} from "./chunk-FKHBUIO2.js";
import {
  removeUnfinished
} from "./chunk-J6LORSIW.js";
import {
  readModel,
  subgraphsOf
} from "./chunk-CTCCJ4DQ.js";
import {
  VERSION
} from "./chunk-RB3YZCGR.js";
import {
  scratchFolder
} from "./chunk-THY4HZQJ.js";
import {
  TensorProto_DataType,
  elementCount,
  externalLocation
} from "./chunk-7WTHJFBX.js";
import {
  Interrupted,
  MachineError,
  UserError,
  messageOf
} from "./chunk-KJWZXA2F.js";

// src/github/base/base.ts
import { rm } from "node:fs/promises";
import { dirname as dirname2, join as join2 } from "node:path";
import { isDeepStrictEqual } from "node:util";

// src/file-hash.ts
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
async function sha256OfFile(path) {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}

// src/github/base/git.ts
import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { pipeline as pipeline2 } from "node:stream/promises";
var Git = class _Git {
  /** Top directory of the work tree, absolute. */
  root;
  #credentials;
  #remote = null;
  constructor(root, credentials) {
    this.root = root;
    this.#credentials = credentials;
  }
  /** null: git isn't installed, or `directory` is in no work tree. */
  static async open(directory, credentials = null) {
    try {
      const root = await execute(directory, ["rev-parse", "--show-toplevel"]);
      return root ? new _Git(root, credentials) : null;
    } catch {
      return null;
    }
  }
  async remote() {
    this.#remote ??= (await this.run(["remote"])).split("\n")[0] || "origin";
    return this.#remote;
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
      return await this.run(args, { ...options, env });
    }
  }
  /** The token as an HTTP header, handed over in the environment, for this server only. */
  async #authorization() {
    if (!this.#credentials?.token) return null;
    const { token, serverUrl } = this.#credentials;
    const url = await this.ask(["remote", "get-url", await this.remote()]);
    if (!url?.startsWith(`${serverUrl}/`)) return null;
    const basic = Buffer.from(`x-access-token:${token}`).toString("base64");
    return {
      GIT_CONFIG_COUNT: "1",
      GIT_CONFIG_KEY_0: `http.${serverUrl}/.extraheader`,
      GIT_CONFIG_VALUE_0: `AUTHORIZATION: basic ${basic}`
    };
  }
  /** Standard output without its last line end. Throws GitError. */
  run(args, options = {}) {
    return execute(this.root, args, options);
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
function configuration(directory) {
  return ["-c", `safe.directory=${directory}`, "-c", "safe.directory=*", "-c", "core.hooksPath=/dev/null"];
}
async function execute(directory, args, options = {}) {
  const child = spawn("git", [...configuration(directory), ...args], {
    cwd: directory,
    env: { ...process.env, GIT_TERMINAL_PROMPT: "0", LC_ALL: "C", ...options.env },
    stdio: ["pipe", "pipe", "pipe"],
    ...options.signal ? { signal: options.signal } : {}
  });
  child.stdin.on("error", () => void 0);
  child.stdin.end(options.input ?? "");
  let stderr = "";
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  const chunks = [];
  const closed = new Promise((done, fail) => {
    child.on("error", fail);
    child.on("close", done);
  });
  const copied = options.output ? pipeline2(child.stdout, createWriteStream(options.output)) : pipeline2(child.stdout, async (source) => {
    for await (const chunk of source) chunks.push(chunk);
  });
  const [code] = await Promise.all([closed, copied]);
  if (code !== 0) {
    const said = stderr.trim().split("\n").slice(-3).join(" ");
    throw new GitError(`git ${args[0]}: ${said || `ended with ${code}`}`);
  }
  return Buffer.concat(chunks).toString("utf8").replace(/\n$/, "");
}

// src/github/base/revision.ts
var DEEPEN_STEPS = [50, 200, 1e3];
async function findBaseRevision(git, request) {
  const { ref, eventSha, pullRequestHead, log } = request;
  const fetcher = new Fetcher(git, request);
  try {
    if (ref) return await mergeBase(git, fetcher, await resolveRef(git, fetcher, ref));
    if (!eventSha) return null;
    const [first, second] = await parents(git, "HEAD");
    if (first && second && pullRequestHead && second === pullRequestHead) {
      return { sha: await fetcher.require(first), note: null };
    }
    const base = await fetcher.require(eventSha);
    return pullRequestHead ? await mergeBase(git, fetcher, base) : { sha: base, note: null };
  } catch (error) {
    const wanted = ref ?? eventSha;
    log.warn(`The base ${wanted} is not available, so nothing is compared with it: ${messageOf(error)}`);
    return null;
  }
}
async function parents(git, revision) {
  const commit = await git.run(["cat-file", "commit", revision]);
  const header = commit.split("\n\n", 1)[0];
  return [...header.matchAll(/^parent ([0-9a-f]+)$/gm)].map(([, sha]) => sha);
}
async function resolveRef(git, fetcher, ref) {
  for (const name of [ref, `refs/remotes/${await git.remote()}/${ref}`]) {
    const found = await git.ask(["rev-parse", "--verify", "--quiet", "--end-of-options", `${name}^{commit}`]);
    if (found) return found;
  }
  await fetcher.fetch(await fetcher.depth(), [ref]);
  return await git.run(["rev-parse", "--verify", "FETCH_HEAD^{commit}"]);
}
async function mergeBase(git, fetcher, sha) {
  const find = () => git.ask(["merge-base", "HEAD", sha]);
  let found = await find();
  const steps = [...DEEPEN_STEPS.map((count) => `--deepen=${count}`), "--unshallow"];
  for (const step of steps) {
    if (found || !await isShallow(git)) break;
    const head = await git.run(["rev-parse", "HEAD"]);
    const fetched = await fetcher.fetch([step], [head, sha]).then(
      () => true,
      () => false
    );
    if (!fetched) break;
    found = await find();
  }
  if (found) return { sha: found, note: null };
  return {
    sha,
    note: `The merge base with ${sha.slice(0, 12)} is out of reach, so that commit itself is the base.`
  };
}
async function isShallow(git) {
  return await git.run(["rev-parse", "--is-shallow-repository"]) === "true";
}
var Fetcher = class {
  #git;
  #request;
  constructor(git, request) {
    this.#git = git;
    this.#request = request;
  }
  /** Makes sure that the commit and its trees are here. */
  async require(sha) {
    const present = await this.#git.ask(["rev-parse", "--verify", "--quiet", `${sha}^{commit}`]);
    if (!present) await this.fetch(await this.depth(), [sha]);
    return sha;
  }
  /** One commit where history is cut anyway; a full clone must stay one. */
  async depth() {
    return await isShallow(this.#git) ? ["--depth=1"] : [];
  }
  async fetch(options, revisions) {
    const { log, signal } = this.#request;
    const shared = ["--no-tags", "--no-recurse-submodules", "--no-write-commit-graph", "--quiet"];
    const args = ["fetch", ...shared, ...options, "--end-of-options", await this.#git.remote(), ...revisions];
    log.debug(`git ${args.join(" ")}`);
    await this.#git.runRemote(args, signal ? { signal } : {});
  }
};

// src/github/base/tree.ts
import { mkdir, open } from "node:fs/promises";
import { dirname, isAbsolute, join, posix, relative, sep } from "node:path";

// src/github/base/external-files.ts
function externalFiles(model) {
  const { initializer } = readModel(model).proto.graph;
  const external = initializer.filter(({ externalData }) => externalData.length > 0);
  return [...new Set(external.map((tensor) => externalLocation(tensor).location))];
}

// src/github/base/tree.ts
var BaseTree = class {
  #git;
  #sha;
  #directory;
  #renames = null;
  constructor(git, sha, directory) {
    this.#git = git;
    this.#sha = sha;
    this.#directory = directory;
  }
  /** null: outside the repository. */
  repositoryPath(path) {
    const inside = relative(this.#git.root, path);
    return inside.startsWith("..") || isAbsolute(inside) ? null : inside.split(sep).join("/");
  }
  shown(path) {
    return this.repositoryPath(path) ?? path;
  }
  /** Whether the commit has anything at this place: a file, a link, a folder. */
  async has(path) {
    const inside = this.repositoryPath(path);
    return inside !== null && Boolean(await this.#entry(inside));
  }
  async readText(path) {
    const inside = this.repositoryPath(path);
    if (inside === null || !await this.#isFile(inside)) return null;
    return await this.#git.run(["cat-file", "--filters", `${this.#sha}:${inside}`]);
  }
  /** The first of `candidates` that the commit has, else the file that was renamed to `head`. */
  async locate(candidates, head) {
    for (const candidate of candidates) {
      const path2 = this.repositoryPath(candidate);
      if (path2 !== null && await this.#isFile(path2)) return path2;
    }
    const path = this.repositoryPath(head);
    return path !== null && (await this.#renamed()).get(path) || null;
  }
  /** The model and its external data, at the same places relative to each other. */
  async extractModel(path) {
    const file = await this.#extract(path);
    const beside = externalFiles(file);
    const folder = posix.dirname(path) === "." ? "" : `${posix.dirname(path)}/`;
    for (const location of beside) {
      const data = posix.normalize(posix.join(posix.dirname(path), location));
      if (!location || posix.isAbsolute(location) || data.startsWith("../") || !data.startsWith(folder)) {
        throw new Error(`its external data '${location}' leaves the model's folder`);
      }
      await this.#extract(data);
    }
    return { file, beside };
  }
  /** Files that a recipe names (plans, models made elsewhere) come from the base too, where it has them. */
  async variantFiles(variants) {
    return await Promise.all(
      variants.map(async (variant) => {
        if (variant.kind === "file") return { ...variant, file: await this.#orHead(variant.file) };
        if (variant.kind === "quantize" && variant.plan) {
          return { ...variant, plan: await this.#orHead(variant.plan) };
        }
        return variant;
      })
    );
  }
  async #orHead(path) {
    const inside = this.repositoryPath(path);
    if (inside === null || !await this.#isFile(inside)) return path;
    return inside.endsWith(".onnx") ? (await this.extractModel(inside)).file : await this.#extract(inside);
  }
  /** Runs the clean/smudge filters, so that Git LFS yields the model and not its pointer. */
  async #extract(path) {
    const target = join(this.#directory, ...path.split("/"));
    await mkdir(dirname(target), { recursive: true });
    await this.#git.runRemote(["cat-file", "--filters", `${this.#sha}:${path}`], { output: target });
    if (await isLfsPointer(target)) {
      throw new Error(`${path} is kept by Git LFS, and git-lfs is not installed on this machine`);
    }
    return target;
  }
  async #isFile(path) {
    return /^100\d{3} blob /.test(await this.#entry(path) ?? "");
  }
  /** `MODE TYPE ID\tPATH`; '' or null when there is none. */
  #entry(path) {
    return this.#git.ask(["ls-tree", "-z", "--full-tree", this.#sha, "--", `:(literal)${path}`]);
  }
  /** New path → old path. */
  async #renamed() {
    if (this.#renames) return this.#renames;
    const args = ["diff", "--name-status", "-z", "--find-renames", "--diff-filter=R", this.#sha, "HEAD"];
    const fields = (await this.#git.ask(args) ?? "").split("\0");
    this.#renames = /* @__PURE__ */ new Map();
    for (let at = 0; at + 2 < fields.length; at += 3) this.#renames.set(fields[at + 2], fields[at + 1]);
    return this.#renames;
  }
};
async function isLfsPointer(path) {
  const start = "version https://git-lfs.github.com/spec/";
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(start.length), 0, start.length, 0);
    return buffer.toString("latin1", 0, bytesRead) === start;
  } finally {
    await file.close();
  }
}

// src/github/base/base.ts
async function findBaseModels(request) {
  const { config, ref, event, credentials, log, signal } = request;
  if (!ref && !event?.sha) return null;
  const git = await Git.open(config.directory, credentials ?? null);
  if (!git) {
    log.warn(
      `${config.directory} is not in a git work tree (or git is not installed): nothing is compared with the base.`
    );
    return null;
  }
  const revision = await findBaseRevision(git, {
    ref,
    eventSha: event?.sha ?? null,
    pullRequestHead: event?.pullRequestHead ?? null,
    log,
    ...signal ? { signal } : {}
  });
  if (!revision) return null;
  if (revision.note) log.warn(revision.note);
  const directory = scratchFolder("base");
  const dispose = () => rm(directory, { recursive: true, force: true });
  try {
    const tree = new BaseTree(git, revision.sha, directory);
    const text = config.file ? await tree.readText(config.file) : null;
    const baseConfig = await readBaseConfig(text, config, log);
    const absent = config.file === null || !await tree.has(config.file);
    const configState = baseConfig ? "read" : absent ? "absent" : "unreadable";
    const models = {};
    for (const head of config.models) models[head.name] = await findModel(tree, head, baseConfig);
    return { models: { sha: revision.sha, config: baseConfig, models }, revision, configState, dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}
async function readBaseConfig(text, head, log) {
  if (text === null) return null;
  try {
    return await parseConfig(text, { file: head.file, directory: head.directory, expand: false });
  } catch (error) {
    log.warn(
      `The base's configuration can't be read, so this revision's is used for both: ${messageOf(error)}`
    );
    return null;
  }
}
async function findModel(tree, head, base) {
  const recipe = base?.models.find(({ name }) => name === head.name) ?? null;
  const shown = tree.shown(head.path);
  try {
    const path = await tree.locate(
      [recipe?.path, head.path].filter((one) => one !== void 0),
      head.path
    );
    if (!path) return { status: "missing", reason: `${shown} is new: the base has no such model.` };
    const { file, beside } = await tree.extractModel(path);
    const variants = (recipe ?? head).variants.filter(({ kind }) => kind !== "command");
    const model = { ...recipe ?? head, path: file, variants: await tree.variantFiles(variants) };
    const sameRecipe = recipe === null || isDeepStrictEqual({ ...recipe, path: "" }, { ...head, path: "" });
    return {
      status: "found",
      model,
      unchanged: sameRecipe && await sameFiles(file, head.path, beside),
      renamedFrom: path === tree.repositoryPath(head.path) ? null : path
    };
  } catch (error) {
    return { status: "missing", reason: `The base's ${shown} can't be used: ${messageOf(error)}` };
  }
}
async function sameFiles(base, head, beside) {
  const pairs = [
    [base, head],
    ...beside.map((name) => [join2(dirname2(base), name), join2(dirname2(head), name)])
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

// src/run.ts
import { rmSync as rmSync2 } from "node:fs";
import { join as join5 } from "node:path";

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
  const found = [];
  const names = (key, patterns, valid, what) => {
    for (const pattern of patterns ?? []) {
      if (valid.some((name) => matchesPattern(name, pattern))) continue;
      found.push([
        `where.${key}`,
        `no ${what} '${pattern}'${didYouMean(pattern, valid)}; there ${valid.length === 1 ? "is" : "are"} ${list(valid)}`
      ]);
    }
  };
  const numbers = (key, wanted, measured) => {
    for (const value of wanted ?? []) {
      if (measured.includes(value)) continue;
      found.push([
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
    if (metric) found.push(["", metric]);
  }
  return [...found, ...conditionComplaints(check)];
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

// src/measure/gpu/engine-subjects.ts
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
      runtime: request.runtime,
      ...request.signal ? { signal: request.signal } : {}
    });
    await worker.close();
  } catch (error) {
    if (error instanceof Interrupted || request.signal?.aborted) throw error;
    return asTheyCame(request, messageOf(error));
  }
  return { subjects: wrapped, notes: [] };
}
function asTheyCame({ subjects, model }, why) {
  const note = {
    level: "warn",
    code: "tensorrt.engine-not-judged",
    message: `Memory, placement, accuracy and fidelity on tensorrt are those of the files through ONNX Runtime, not of the engines that were timed: ${why}`,
    model,
    variant: null
  };
  return { subjects, notes: [note] };
}
var variesInShape = (file) => modelInputs(readModel(file)).some(
  ({ shape }) => shape?.some((dim, axis) => typeof dim === "string" && axis > 0)
);

// src/measure/memory.ts
import { availableParallelism } from "node:os";

// src/measure/subject.ts
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
      if (error instanceof Interrupted || request.signal?.aborted) throw error;
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
    if (error instanceof Interrupted || request.signal?.aborted) throw error;
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
    session: { threads: availableParallelism(), ...request.session },
    runtime: request.runtime,
    ...request.signal ? { signal: request.signal } : {},
    ...request.deadlineMs ? { deadlineMs: request.deadlineMs } : {}
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
    ...metric === "memory.gpu" ? {} : { details: { baselineBytes: Math.round(empty) } }
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
    request.signal?.throwIfAborted();
    try {
      measurements.push(...asMeasurements2(await placementOf(subject, request), subject, request));
    } catch (error) {
      if (error instanceof Interrupted || request.signal?.aborted) throw error;
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
    runtime: request.runtime,
    profile: true,
    ...request.signal ? { signal: request.signal } : {},
    ...request.deadlineMs ? { deadlineMs: request.deadlineMs } : {}
  });
  try {
    const feeds = timingFeeds(worker.opened.inputs, request.inputs);
    for (let run2 = 0; run2 < PROFILED_RUNS; run2++) await worker.call("run", { feeds, outputs: null });
    const { json, graph } = await worker.call("profile");
    return summarize(parseProfile(json), {
      graph,
      ...request.ignoreOps ? { ignoreOps: request.ignoreOps } : {}
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
      n: operators.reduce((sum, operator) => sum + operator.nodes, 0),
      details: { operators, transfers }
    },
    quantized === null ? { ...share, status: "skipped", reason: nothingToCount(operators) } : {
      ...share,
      value: quantized,
      details: { operators: operators.filter((operator) => operator.macs > 0) }
    }
  ];
}
function nothingToCount(operators) {
  return operators.some(({ operator }) => /^(EPContext|TRTKernel)/.test(operator)) ? "TensorRT runs the model as one node and does not tell which layers are reduced" : "the model has no convolution or matrix product to count";
}
function summarize(nodes, options) {
  const constants = new Map((options.graph ?? []).map((node) => [node.name, node.constants]));
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
    group.macs += multiplyAccumulates(node, constants.get(node.name) ?? []);
    group.ms += steadyMs(node.durationsMs);
    groups.set(key, group);
  }
  const operators = [...groups.values()].sort(
    (a, b) => b.macs - a.macs || a.operator.localeCompare(b.operator)
  );
  const macs = operators.reduce((sum, operator) => sum + operator.macs, 0);
  const reducedMacs = operators.reduce((sum, operator) => sum + (operator.reduced ? operator.macs : 0), 0);
  const count = (which) => operators.reduce((sum, operator) => sum + (which(operator) ? operator.nodes : 0), 0);
  return {
    operators,
    fallback: count(
      ({ provider, operator, shapeArithmetic }) => provider === CPU && !shapeArithmetic && !TRANSFER.test(operator)
    ),
    quantized: macs > 0 ? reducedMacs / macs : null,
    transfers: count(({ operator }) => TRANSFER.test(operator))
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
function multiplyAccumulates(node, constants) {
  const output = elementCount(node.outputs[0]?.dims ?? [0]);
  if (/^(Fused|QLinear|NhwcFused|Nhwc)?Conv(Integer)?$/.test(node.operator)) {
    const weight = constants.find((dims) => dims && dims.length >= 3) ?? node.inputs.slice(1).find(({ dims }) => dims.length >= 3)?.dims;
    return weight ? output * elementCount(weight.slice(1)) : 0;
  }
  if (/^Q?Attention$/.test(node.operator)) {
    const weight = constants.find((dims) => dims?.length === 2);
    return weight ? elementCount(node.inputs[0]?.dims ?? [0]) / weight[0] * elementCount(weight) : 0;
  }
  if (/MatMul|Gemm/.test(node.operator)) {
    const columns = node.outputs[0]?.dims.at(-1) ?? 1;
    const weight = constants.find((dims) => dims?.length === 2 && dims.includes(columns));
    if (weight && !/NBits|Bnb4/.test(node.operator)) return output * (elementCount(weight) / columns);
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
  const note = (variant, code, message) => ({
    level: "warn",
    code,
    message,
    model,
    variant
  });
  return variants.flatMap(({ name, file, target }) => {
    if ((provider === "cuda" || provider === "webgpu") && target !== provider && quantizesActivations(file)) {
      return [
        note(
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
        note(
          name,
          "provider.not-tensorrt",
          `${name} is not shaped for TensorRT: ${refused}. Make it with \`preset: tensorrt\`, or as int8 for the provider tensorrt.`
        )
      ];
    }
    if (!trtexec && quantizesActivations(file)) {
      return [
        note(
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

// src/measure/measure.ts
async function measureModel(request) {
  const { model, benchmark, log } = request;
  const result = { measurements: [], notes: [] };
  countGpusAsNvidiaSmi();
  log.info(`${model.name}: measuring size`);
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
  const { signal, log, benchmark } = request;
  return aloneOnGpu({ provider, deviceId: benchmark.device, signal, log }, async () => {
    const engines = provider === "tensorrt" ? await openTensorRtEngines({ signal, log }) : null;
    try {
      return await measureWith(request, provider, { sample, engines });
    } finally {
      await engines?.remove();
    }
  });
}
async function measureWith(request, provider, { sample, engines }) {
  const { model, benchmark, runtime, confidence, log, signal } = request;
  const abort = signal ? { signal } : {};
  const device = benchmark.device === void 0 ? {} : { deviceId: benchmark.device };
  const [original, ...variants] = subjectsOf(request, provider);
  log.info(`${model.name}: measuring latency on ${provider}`);
  const latency = await measureLatency({
    model: model.name,
    original: { file: original.file, base: original.base ?? null },
    variants: variants.map(({ variant, file, base }) => ({ name: variant, file, base: base ?? null })),
    provider,
    runtime,
    benchmark,
    confidence,
    precision: benchmark.precision === void 0 ? precisionFor(request.checks) : Math.log1p(benchmark.precision),
    sample,
    engines,
    log,
    ...abort,
    ...device
  });
  const broken = new Set(
    latency.measurements.filter(({ status }) => status === "invalid").map(({ variant }) => variant)
  );
  const subjects = [original, ...variants.filter(({ variant }) => !broken.has(variant))];
  const single = {
    model: model.name,
    subjects,
    runtime,
    session: { provider, threads: threadsOf(benchmark), ...device },
    inputs: { batch: benchmark.batch[0] ?? 1, shapes: benchmark.shapes, sample },
    ...abort
  };
  log.info(`${model.name}: measuring memory and placement on ${provider}`);
  const engine = engines && await engineSubjects(single, engines);
  const opened = { ...single, subjects: engine?.subjects ?? subjects };
  const memory = await measureMemory({ ...opened, confidence });
  const ignoreOps = request.checks.find(({ metric }) => metric === "placement.fallback")?.ignoreOps;
  const placement = await measurePlacement({ ...opened, ...ignoreOps ? { ignoreOps } : {} });
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
    allowCommands: request.allowCommands,
    directory: request.directory,
    runtime,
    log,
    ...abort
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
import { existsSync } from "node:fs";
function assertReady(models, { checks, file, benchmark }) {
  assertShapesKnown(
    benchmark.shapes,
    models.flatMap(({ document }) => modelInputs(document)),
    "benchmark.shapes"
  );
  for (const { config, document, calibration, evaluation } of models) {
    const classified = config.task === "classification" && evaluation !== null;
    if (config.output !== null || classified) {
      const scored = scoredOutput(modelOutputs(document), config.output, config.name);
      if (classified) assertLabelsInRange(evaluation, scored, config);
    }
    const { evaluator } = config;
    if (evaluator !== null && "module" in evaluator && !existsSync(evaluator.module)) {
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
import { join as join4 } from "node:path";

// src/variants/make.ts
import { existsSync as existsSync3, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { basename, dirname as dirname3, join as join3 } from "node:path";

// src/variants/command.ts
import { spawn as spawn2 } from "node:child_process";
import { existsSync as existsSync2 } from "node:fs";
var TAIL_BYTES = 2e3;
async function runVariantCommand(request) {
  const { command, model, output, directory, timeoutMs, log, signal } = request;
  const fill = (text) => text.replaceAll("{output}", output).replaceAll("{model}", model);
  const [program, ...args] = command.map(fill);
  const shown = [program, ...args].join(" ");
  log.debug(`running: ${shown}`);
  signal?.throwIfAborted();
  const said = await new Promise((resolve, reject) => {
    const child = spawn2(program, args, { cwd: directory, stdio: ["ignore", "pipe", "pipe"], detached: true });
    let tail = "";
    const keep = (chunk) => {
      tail = (tail + chunk.toString("utf8")).slice(-TAIL_BYTES);
    };
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    const end = () => {
      try {
        process.kill(-child.pid, "SIGKILL");
      } catch {
      }
    };
    const onAbort = () => {
      end();
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      end();
      reject(
        new UserError(
          `The command \`${shown}\` took longer than ${timeoutMs / 1e3} s and was stopped.${quoted(tail)}`
        )
      );
    }, timeoutMs);
    signal?.addEventListener("abort", onAbort, { once: true });
    const settle = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
    };
    child.on("error", (error) => {
      settle();
      reject(
        new UserError(
          `The command \`${shown}\` can't be started: ${error.message}. Is ${program} installed?`
        )
      );
    });
    child.on("close", (code, killedBy) => {
      settle();
      if (code === 0) resolve(tail);
      else
        reject(
          new UserError(
            `The command \`${shown}\` ended with ${killedBy ?? `exit code ${code}`}.${quoted(tail)}`
          )
        );
    });
  });
  if (!existsSync2(output)) {
    throw new UserError(
      `The command \`${shown}\` succeeded but wrote no file at {output} (${output}).${quoted(said)}`
    );
  }
}
function quoted(tail) {
  const text = tail.trim();
  return text === "" ? "" : `
${text.split("\n").slice(-12).join("\n")}`;
}

// src/variants/make.ts
async function makeVariants(request) {
  const variants = [];
  for (const config of request.model.variants) {
    for (const [target, providers] of targetsOf(config, request.providers)) {
      request.signal?.throwIfAborted();
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
  const out = join3(
    directory,
    safeName(model.name),
    `${safeName(config.name)}${many && target ? `.${target}` : ""}.onnx`
  );
  mkdirSync(dirname3(out), { recursive: true });
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
    const { file, notes } = await makeFile(request, config, { out, target, report });
    report.file = shownPath(file, dirname3(directory));
    report.sha256 = await sha256OfFile(file);
    return { name: config.name, file, providers, report, notes };
  } catch (error) {
    if (error instanceof UserError) {
      throw new UserError(`Variant '${config.name}' of model '${model.name}': ${messageOf(error)}`);
    }
    throw error;
  }
}
async function makeFile(request, config, { out, target, report }) {
  const { model, log, signal } = request;
  if (config.kind === "file") {
    if (!existsSync3(config.file)) throw new UserError(`its file ${config.file} does not exist.`);
    readModel(config.file);
    report.provenance = { ...report.provenance, file: shownPath(config.file, request.configDirectory) };
    return { file: config.file, notes: [] };
  }
  if (config.kind === "command") {
    if (!request.allowCommands) {
      throw new UserError("it is made by a command, and commands are not allowed here (allow-commands).");
    }
    log.info(`${model.name}: making ${config.name} with \`${config.command.join(" ")}\``);
    const folder = dirname3(out);
    const temporary = mkdtempSync(join3(folder, ".command-"));
    try {
      await runVariantCommand({
        command: config.command,
        model: model.path,
        output: join3(temporary, basename(out)),
        directory: request.configDirectory,
        timeoutMs: config.timeoutMs,
        log,
        ...signal ? { signal } : {}
      });
      readModel(join3(temporary, basename(out)));
      for (const name of readdirSync(temporary)) renameSync(join3(temporary, name), join3(folder, name));
    } finally {
      rmSync(temporary, { recursive: true, force: true });
    }
    report.provenance = { ...report.provenance, command: config.command };
    return { file: out, notes: [] };
  }
  log.info(`${model.name}: quantizing ${config.name} (${config.method}${target ? `, for ${target}` : ""})`);
  const quantizing = {
    model: model.path,
    out,
    options: config,
    target: target ?? "cpu",
    calibration: request.calibration,
    runtime: request.runtime,
    log,
    verify: true,
    checks: request.checks ?? [],
    scope: { model: model.name, variant: config.name },
    ...request.deviceId === void 0 ? {} : { deviceId: request.deviceId },
    ...request.threads ? { threads: request.threads } : {},
    ...signal ? { signal } : {}
  };
  const provider = config.method === "auto" ? quantizing.target : "cpu";
  const result = await aloneOnGpu(
    { provider, deviceId: request.deviceId, signal, log },
    () => quantizeVariant(quantizing)
  );
  report.groups = result.groups;
  report.provenance = { ...report.provenance, ...result.provenance };
  return {
    file: result.file,
    notes: result.notes.map((note) => ({ ...note, model: model.name, variant: config.name }))
  };
}

// src/variants/base.ts
async function makeBaseVariants(request) {
  const { head, base, ...making } = request;
  if (base === null) return { files: null, notes: [] };
  const note = (code, message, variant = null) => ({
    level: "info",
    code,
    message,
    model: head.name,
    variant
  });
  const found = base.models[head.name];
  if (!found || found.status === "missing") {
    return {
      files: null,
      notes: [note("base.missing", found?.reason ?? `${head.name} is not in the base.`)]
    };
  }
  const shared = found.model.variants.filter(
    ({ name }) => head.variants.some((variant) => variant.name === name)
  );
  const variants = /* @__PURE__ */ new Map();
  const notes = [];
  for (const config of shared) {
    try {
      const made = await makeVariants({
        ...making,
        model: { ...found.model, name: head.name, variants: [config] },
        directory: join4(request.directory, base.sha.slice(0, 12))
      });
      variants.set(config.name, made);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      notes.push(note("base.failed", `The base's variant can't be built: ${messageOf(error)}`, config.name));
    }
  }
  for (const { name } of head.variants) {
    if (name !== ORIGINAL && !shared.some((variant) => variant.name === name)) {
      notes.push(
        note("base.new-variant", `'${name}' is new: the base has no such variant to compare with.`, name)
      );
    }
  }
  return { files: { original: found.model.path, variants }, notes };
}

// src/run.ts
async function run(request) {
  const { config, out, log } = request;
  const startedAt = /* @__PURE__ */ new Date();
  assertApplicable(config);
  assertWaiversCurrent(config.waivers, today(startedAt), config.file);
  assertWritable(out);
  removeUnfinished(out);
  const kept = await findKept(request);
  const models = kept.size === config.models.length ? [] : await openModels(request);
  const environment = await readEnvironment(request.runtime);
  const found = [];
  const measured = [];
  for (const [index, model] of config.models.entries()) {
    request.signal?.throwIfAborted();
    const result = kept.get(model.name) ?? await runModel(request, models[index]);
    if (!kept.has(model.name)) measured.push([model, result]);
    found.push(result);
  }
  const measurements = found.flatMap((result) => result.measurements);
  log.info("judging");
  const { results, verdict } = judge({ ...config, measurements, today: today(startedAt) });
  const report = {
    schemaVersion: 1,
    tool: { name: "quantgate", version: VERSION },
    startedAt: startedAt.toISOString(),
    durationMs: Date.now() - startedAt.getTime(),
    verdict,
    environment: { ...environment, ...noiseOf(measurements) },
    models: found.map((result) => result.report),
    measurements,
    checks: results,
    notes: withoutRepeats(found.flatMap((result) => result.notes)),
    thresholds: request.thresholds,
    source: request.source
  };
  const files = writeReport(report, out);
  for (const [model, result] of measured) {
    const own = results.filter((check) => check.model === model.name);
    if (runVerdict(own, result.measurements) === "pass") await request.kept?.keep(model, result);
  }
  return { report, files };
}
async function findKept({ config, kept }) {
  const found = /* @__PURE__ */ new Map();
  for (const model of kept ? config.models : []) {
    const result = await kept.find(model);
    if (result) found.set(model.name, result);
  }
  return found;
}
async function openModels({ config, runtime, signal }) {
  const documents = config.models.map((model) => ({ config: model, document: readModel(model.path) }));
  const models = [];
  for (const model of documents) models.push({ ...model, ...await openData(model) });
  assertReady(models, config);
  const { providers, device } = config.benchmark;
  await assertProvidersOpen(providers, {
    runtime,
    ...device === void 0 ? {} : { deviceId: device },
    ...signal ? { signal } : {}
  });
  return models;
}
function noiseOf(measurements) {
  const noiseFloor = noiseFloorOf(measurements);
  return noiseFloor === null ? {} : { noiseFloor, noiseFloorFrom: "ratios" };
}
function withoutRepeats(notes) {
  const said = /* @__PURE__ */ new Set();
  return notes.filter((note) => {
    const key = JSON.stringify(note);
    if (said.has(key)) return false;
    said.add(key);
    return true;
  });
}
async function runModel(request, model) {
  const { config, runtime, log } = request;
  const { calibration, evaluation } = model;
  const directory = reportFiles(request.out).models;
  const making = {
    providers: config.benchmark.providers,
    deviceId: config.benchmark.device,
    calibration,
    runtime,
    log,
    ...request.signal ? { signal: request.signal } : {},
    allowCommands: request.allowCommands,
    checks: config.checks,
    configDirectory: config.directory
  };
  const baseDirectory = join5(request.out, ".base");
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
      allowCommands: request.allowCommands,
      directory: config.directory,
      runtime,
      log,
      ...request.signal ? { signal: request.signal } : {}
    });
    return {
      report: await describeModel(model, {
        variants,
        parameters: parametersOf(measured.measurements)
      }),
      measurements: measured.measurements,
      notes: [...variants.flatMap((variant) => variant.notes), ...base.notes, ...measured.notes]
    };
  } finally {
    rmSync2(baseDirectory, { recursive: true, force: true });
  }
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
  const found = measurements.find(
    ({ metric, variant }) => metric === "size.parameters" && variant === ORIGINAL
  );
  return found?.value ?? 0;
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
  externalFiles,
  findBaseModels,
  assertApplicable,
  run
};
