import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  packageIn
} from "./chunk-N65VB3OY.js";
import {
  runProgram
} from "./chunk-YKREVSBC.js";
import {
  withoutSecrets
} from "./chunk-DDUI4A4C.js";
import {
  isAlive
} from "./chunk-OKSQO7JT.js";
import {
  MachineError,
  UserError,
  codeOf,
  messageOf,
  throwIfInterrupted
} from "./chunk-IYM25C4U.js";

// src/runtime/provision/provision.ts
import { existsSync as existsSync3, readFileSync } from "node:fs";
import { mkdir as mkdir2, rm as rm2, writeFile as writeFile2 } from "node:fs/promises";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { join as join3 } from "node:path";

// src/runtime/provision/npm-pack.ts
import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";

// src/system/certificates.ts
var UNTRUSTED = /UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT(_LOCALLY)?|(DEPTH_ZERO_)?SELF_SIGNED_CERT(_IN_CHAIN)?|CERT_UNTRUSTED|unable to verify the first certificate|self[- ]signed certificate|unable to get (local )?issuer certificate|SSL certificate problem/i;
function certificateAdvice(error) {
  for (let at = error, depth = 0; at !== void 0 && at !== null && depth < MOST_CAUSES; depth++) {
    const { code, cause } = at;
    if (UNTRUSTED.test(typeof code === "string" ? code : "") || UNTRUSTED.test(messageOf(at))) return ADVICE;
    at = cause;
  }
  return null;
}
var MOST_CAUSES = 5;
var ADVICE = "The certificate is signed by an authority that Node.js does not know, as that of a company proxy: set NODE_EXTRA_CA_CERTS to its PEM file, in the environment of the runner or of the job.";

// src/runtime/provision/npm-pack.ts
var CLI = ["node_modules", "npm", "bin", "npm-cli.js"];
function findNpm(execPath = process.execPath, path = process.env.PATH ?? "") {
  const besideNode = dirname(execPath);
  const onPath = path.split(delimiter).filter(Boolean);
  const candidates = [besideNode, ...onPath].flatMap((directory) => [
    join(directory, "..", "lib", ...CLI),
    join(directory, ...CLI)
  ]);
  const cli = candidates.find((candidate) => existsSync(candidate));
  if (cli) return [execPath, cli];
  if (process.platform === "win32") return null;
  const npm = onPath.map((directory) => join(directory, "npm")).find((candidate) => existsSync(candidate));
  return npm ? [npm] : null;
}
function tarballName({ name, version }) {
  return `${name.replace(/^@/, "").replace("/", "-")}-${version}.tgz`;
}
async function packPackages(packages, options) {
  const { npm, directory, signal } = options;
  const [command, ...first] = npm;
  const specifiers = packages.map(({ name, version }) => `${name}@${version}`);
  const args = [
    ...first,
    "pack",
    ...specifiers,
    "--ignore-scripts",
    "--loglevel=error",
    "--pack-destination",
    directory
  ];
  const environment = withoutSecrets(process.env, { keep: ["GITHUB_TOKEN", "GH_TOKEN"] });
  const end = await runProgram(command, args, { directory, environment, signal });
  if (end.startError !== null) throw new MachineError(`npm could not be started: ${end.startError}`);
  if (end.exitCode !== 0) {
    const said = wordsOf(end.stderr) || ` (it ended with ${end.signal ?? end.exitCode})`;
    const advice = certificateAdvice(end.stderr);
    throw new MachineError(
      `npm could not fetch ${specifiers.join(", ")}${said}${advice === null ? "" : `
${advice}`}`
    );
  }
  for (const one of packages) await verify(one, join(directory, tarballName(one)));
}
function wordsOf(stderr) {
  const lines = stderr.split("\n").filter((line) => line.trim() && !/^npm (error|ERR!)\s+at |complete log/.test(line));
  const errors = lines.filter((line) => /^npm (error|ERR!)/.test(line));
  const words = (errors.length > 0 ? errors : lines).slice(0, 6).join("\n");
  return words && `:
${words}`;
}
async function verify({ name, version, integrity }, tarball) {
  const hash = createHash("sha512");
  try {
    await pipeline(createReadStream(tarball), hash);
  } catch {
    throw new MachineError(`npm wrote no tarball of ${name}@${version}.`);
  }
  const found = `sha512-${hash.digest("base64")}`;
  if (found !== integrity) {
    throw new MachineError(
      `${name}@${version} is refused: its hash is ${found}, not ${integrity} as pinned. The registry or mirror that npm is set up for serves another file under this name.`
    );
  }
}

// src/runtime/provision/package-cache.ts
import { randomUUID } from "node:crypto";
import { existsSync as existsSync2 } from "node:fs";
import { mkdir, open, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { basename, dirname as dirname2, join as join2 } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
var MARKER = ".complete";
var HEARTBEAT_MS = 2e3;
var ABANDONED_MS = 10 * HEARTBEAT_MS;
var POLL_MS = 200;
var LEFTOVER_MS = 24 * 3600 * 1e3;
async function isComplete(entry) {
  try {
    const files = JSON.parse(await readFile(join2(entry, MARKER), "utf8"));
    for (const [path, size] of Object.entries(files)) {
      if ((await stat(join2(entry, path))).size !== size) return false;
    }
    return true;
  } catch {
    return false;
  }
}
async function ensureEntry(entry, fill2, signal) {
  if (await isComplete(entry)) return;
  await mkdir(dirname2(entry), { recursive: true });
  const unlock = await lock(`${entry}.lock`, signal);
  try {
    if (await isComplete(entry)) return;
    await removeLeftovers(entry);
    const temporary = temporaryName(entry);
    try {
      await mkdir(temporary);
      await fill2(temporary);
      await writeFile(join2(temporary, MARKER), JSON.stringify(await filesOf(temporary)));
      await publish(temporary, entry);
    } finally {
      await rm(temporary, { recursive: true, force: true });
    }
  } finally {
    await unlock();
  }
}
async function publish(temporary, entry) {
  if (await isComplete(entry)) return;
  if (existsSync2(entry)) {
    const aside = temporaryName(entry);
    await rename(entry, aside);
    await rm(aside, { recursive: true, force: true });
  }
  try {
    await rename(temporary, entry);
  } catch (error) {
    if (!await isComplete(entry)) throw error;
  }
}
function temporaryName(entry) {
  return `${entry}.tmp-${hostname()}-${process.pid}-${randomUUID().slice(0, 8)}`;
}
async function removeLeftovers(entry) {
  const start = `${basename(entry)}.tmp-`;
  for (const name of await readdir(dirname2(entry))) {
    if (!name.startsWith(start)) continue;
    const path = join2(dirname2(entry), name);
    const [, host, pid] = /^(.*)-(\d+)-[0-9a-f]+$/.exec(name.slice(start.length)) ?? [];
    const dead = host === hostname() && !isAlive(Number(pid));
    if (dead || await ageMs(path) > LEFTOVER_MS) await rm(path, { recursive: true, force: true });
  }
}
async function filesOf(directory) {
  const sizes = {};
  for (const path of await readdir(directory, { recursive: true })) {
    const found = await stat(join2(directory, path));
    if (found.isFile()) sizes[path] = found.size;
  }
  return sizes;
}
async function ageMs(path) {
  return await stat(path).then(
    ({ mtimeMs }) => Date.now() - mtimeMs,
    () => 0
  );
}
async function lock(path, signal) {
  const owner = JSON.stringify({ host: hostname(), pid: process.pid, id: randomUUID() });
  for (; ; ) {
    throwIfInterrupted(signal);
    try {
      const file = await open(path, "wx");
      await file.writeFile(owner);
      await file.close();
      break;
    } catch (error) {
      if (codeOf(error) !== "EEXIST") throw error;
      if (await isAbandoned(path)) await rm(path, { force: true });
      else await pause(POLL_MS);
    }
  }
  const heartbeat = setInterval(() => {
    const now = /* @__PURE__ */ new Date();
    utimes(path, now, now).catch(() => void 0);
  }, HEARTBEAT_MS);
  heartbeat.unref();
  return async () => {
    clearInterval(heartbeat);
    const current = await readFile(path, "utf8").catch(() => null);
    if (current === owner) await rm(path, { force: true });
  };
}
async function isAbandoned(path) {
  try {
    const { host, pid } = JSON.parse(await readFile(path, "utf8"));
    if (host === hostname() && !isAlive(pid)) return true;
  } catch {
  }
  return await ageMs(path) > ABANDONED_MS;
}

// src/runtime/provision/pinned-packages.json
var pinned_packages_default = {
  "onnxruntime-node": {
    packages: {
      "onnxruntime-node": {
        version: "1.30.0",
        integrity: "sha512-twhs1C2C/BFkz1yc5OY0KIU2GUq6DURO7hD4bx5Q2Qy3nAMJwRXW8xU3NVczE29VA9lolLOYepoD8fjTGOfIqw=="
      },
      "onnxruntime-common": {
        version: "1.30.0",
        integrity: "sha512-7fdVWjAID1dVhH/G8qK3APARunV4VkBFoCQAP7qp4Wkab0mrorvmc+sqiT+mKXOzDqdjN5j+/Z9nb4gzNPWcyA=="
      }
    },
    installer: {
      "adm-zip": {
        version: "0.6.1",
        integrity: "sha512-Xwrja8nx9e5o2N1my4DsKCeKpdrnACyr1wtbPxBDgGzKzKyE9kRtBFA8mWldI+RVlD7CBZNWY/wQ2+ydwOR6kQ=="
      },
      "define-data-property": {
        version: "1.1.4",
        integrity: "sha512-rBMvIzlpA8v6E+SJZoo++HAYqsLrkg7MSfIinMPFhmkorw7X+dOXVJQs+QT69zGkzMyfDnIMN2Wid1+NbL3T+A=="
      },
      "define-properties": {
        version: "1.2.1",
        integrity: "sha512-8QmQKqEASLd5nx0U1B1okLElbUuuttJ/AnYmRXbbbGDWh6uS208EjD4Xqq/I9wK7u0v6O08XhTWnt5XtEbR6Dg=="
      },
      "es-define-property": {
        version: "1.0.1",
        integrity: "sha512-e3nRfgfUZ4rNGL232gUgX06QNyyez04KdjFrF+LTRoOXmrOgFKDg4BCdsjW8EnT69eqdYGmRpJwiPVYNrCaW3g=="
      },
      "es-errors": {
        version: "1.3.0",
        integrity: "sha512-Zf5H2Kxt2xjTvbJvP2ZWLEICxA6j+hAmMzIlypy4xcBg1vKVnx89Wy0GbS+kf5cwCVFFzdCFh2XSCFNULS6csw=="
      },
      "escape-string-regexp": {
        version: "4.0.0",
        integrity: "sha512-TtpcNJ3XAzx3Gq8sWRzJaVajRs0uVxA2YAkdb1jm2YkPz4G6egUFAyA3n5vtEIZefPk5Wa4UXbKuS5fKkJWdgA=="
      },
      "global-agent": {
        version: "4.1.3",
        integrity: "sha512-KUJEViiuFT3I97t+GYMikLPJS2Lfo/S2F+DQuBWzuzaMPnvt5yyZePzArx36fBzpGTxZjIpDbXLeySLgh+k76g=="
      },
      globalthis: {
        version: "1.0.4",
        integrity: "sha512-DpLKbNU4WylpxJykQujfCcwYWiV/Jhm50Goo0wrVILAv5jOr9d+H+UR3PhSCD2rCCEIg0uc+G+muBTwD54JhDQ=="
      },
      gopd: {
        version: "1.2.0",
        integrity: "sha512-ZUKRh6/kUFoAiTAtTYPZJ3hw9wNxx+BIBOijnlG9PnrJsCcSjs1wyyD6vJpaYtgnzDrKYRSqf3OO6Rfa93xsRg=="
      },
      "has-property-descriptors": {
        version: "1.0.2",
        integrity: "sha512-55JNKuIW+vq4Ke1BjOTjM2YctQIvCT7GFzHwmfZPGo5wnrgkid0YQtnAleFSqumZm4az3n2BS+erby5ipJdgrg=="
      },
      matcher: {
        version: "4.0.0",
        integrity: "sha512-S6x5wmcDmsDRRU/c2dkccDwQPXoFczc5+HpQ2lON8pnvHlnvHAHj5WlLVvw6n6vNyHuVugYrFohYxbS+pvFpKQ=="
      },
      "object-keys": {
        version: "1.1.1",
        integrity: "sha512-NuAESUOUMrlIXOfHKzD6bpPu3tYt3xvjNdRIQ+FeT0lNb4K8WR70CaDxhuNguS2XG+GjkyMwOzsN5ZktImfhLA=="
      },
      semver: {
        version: "7.8.6",
        integrity: "sha512-9lpSSU4Mly3mrtruwLs1eLK6+gzbzqeBFwRNjIjE+9LuDpWdYctrQlQ3ej1Ilgi7gknpsTRnPoLP8DpCHqHIJw=="
      },
      "serialize-error": {
        version: "8.1.0",
        integrity: "sha512-3NnuWfM6vBYoy5gZFvHiYsVbafvI9vZv/+jlIigFn4oP4zjNPK3LhcY0xSCgeb1a5L8jO71Mit9LlNoi2UfDDQ=="
      },
      "type-fest": {
        version: "0.20.2",
        integrity: "sha512-Ne+eE4r0/iWnpAxD852z3A+N0Bt5RN//NjJwRd2VFHEmrywxf5vsZlh4R6lixl6B+wz/8d+maTSAkN1FIkI3LQ=="
      }
    }
  },
  "onnxruntime-web": {
    packages: {
      "onnxruntime-web": {
        version: "1.30.0",
        integrity: "sha512-q0y+JrrtukXSzsBWEMccVfqX25LRmosXHF+CaRJmg8pZClzcV7svNc4rKY3jL02Vb7QmRMDs1SigqR4CXAfKYQ=="
      },
      "onnxruntime-common": {
        version: "1.30.0",
        integrity: "sha512-7fdVWjAID1dVhH/G8qK3APARunV4VkBFoCQAP7qp4Wkab0mrorvmc+sqiT+mKXOzDqdjN5j+/Z9nb4gzNPWcyA=="
      }
    }
  },
  sharp: {
    packages: {
      "@img/colour": {
        version: "1.1.0",
        integrity: "sha512-Td76q7j57o/tLVdgS746cYARfSyxk8iEfRxewL9h4OMzYhbW4TAcppl0mT4eyqXddh6L/jwoM75mo7ixa/pCeQ=="
      },
      "detect-libc": {
        version: "2.1.2",
        integrity: "sha512-Btj2BOOO83o3WyH59e8MgXsxEQVcarkUOpEYrubB0urwnN10yQ364rsiByU11nZlqWYZm05i/of7io4mzihBtQ=="
      },
      semver: {
        version: "7.8.6",
        integrity: "sha512-9lpSSU4Mly3mrtruwLs1eLK6+gzbzqeBFwRNjIjE+9LuDpWdYctrQlQ3ej1Ilgi7gknpsTRnPoLP8DpCHqHIJw=="
      },
      sharp: {
        version: "0.35.5",
        integrity: "sha512-Ywn4OnzGukp7CDMrp08RQ50YKmuwG47brZgIVPTvBaaAfQlRlygrRqSrxdCiL9M+LlzLBiJ68IR1QqvzHyjC7g=="
      }
    },
    platforms: {
      "linux-x64": {
        "@img/sharp-linux-x64": {
          version: "0.35.5",
          integrity: "sha512-SxFtLTeJInhAA9Q836kux2vZNeOBQEx658qvbboZScr0wIARym3IcGmW7KpVD5sbVg0Ojy+udFQdayYIZyoNog=="
        },
        "@img/sharp-libvips-linux-x64": {
          version: "1.3.4",
          integrity: "sha512-GJ//SSXbnwSDes02umB3nDJLFcQzw8a18V8fyhqr6tV515tOEMdImjjxj1AoafMRz56F3PHgftnj1QEKSU1zkw=="
        }
      },
      "linux-arm64": {
        "@img/sharp-linux-arm64": {
          version: "0.35.5",
          integrity: "sha512-LYVx5JTsOM2CBzmxreh+nl64/3H6Xb09iSLknqH47z2T2DFFxDeFLP5y4dJwe6H7uGQlHPyEEtIqyo3DYsRwdQ=="
        },
        "@img/sharp-libvips-linux-arm64": {
          version: "1.3.4",
          integrity: "sha512-Y3dgX/6lE2QhQb+Gxy0WZxfg9MEm/JBjamZpS2IklP7xIQoKN4hzAm7KcMVGtaVDt3neE9OKBC7vAfonA/Lr1A=="
        }
      },
      "darwin-arm64": {
        "@img/sharp-darwin-arm64": {
          version: "0.35.5",
          integrity: "sha512-QRUlFQ0WxvdWyqqG/WtI3iupfD5rBzmCHXSdPsY91sAtVtTo7Q4cb6zOccZ3gqEqkr0f1As1ehLqmEpDsRf+lg=="
        },
        "@img/sharp-libvips-darwin-arm64": {
          version: "1.3.4",
          integrity: "sha512-5R89nBYiRdUlSWJxPhO+GVtaXzXSxKnRu/xqMn3KTA3L9EB9Oy/P+Nn2f2vlhPuUdy/Zusb2DarbyTpGCfEDuw=="
        }
      },
      "win32-x64": {
        "@img/sharp-win32-x64": {
          version: "0.35.5",
          integrity: "sha512-x76eH0vEiHlcMQu8Y8IenntaACtddpT6W0wmXtWrnKcnKI7ME5DdgqhAD6SEWOEl1v2zDvkZDhFA9KnURwpfqg=="
        }
      },
      "win32-arm64": {
        "@img/sharp-win32-arm64": {
          version: "0.35.5",
          integrity: "sha512-X4t7g+7ZA5DKblCBEXGjUqqemj4vczING/5viFwAL8h4N3qYeyjwdCvRLHi4EdOUI+2Z7UFlp1VM+p/AuEtm6Q=="
        }
      }
    }
  }
};

// src/runtime/provision/pinned.ts
function platformKey(platform = process.platform, arch = process.arch) {
  return `${platform}-${arch}`;
}
function runtimeSet(platform, options) {
  if (!RUNTIME_PLATFORMS.includes(platform)) {
    throw new MachineError(
      `onnxruntime-node has no binary for ${platform}; it has ${RUNTIME_PLATFORMS.join(", ")}. Build it yourself and name its directory with \`onnxruntime-path\`.`
    );
  }
  const { packages, installer } = pinned_packages_default["onnxruntime-node"];
  const [os, arch] = platform.split("-");
  const members = ["package.json", "dist", `bin/napi-v6/${os}/${arch}`];
  const set = list(packages).map(
    (one) => one.name === "onnxruntime-node" ? { ...one, members: options.cuda ? [...members, "script"] : members } : one
  );
  return {
    name: "onnxruntime-node",
    version: packages["onnxruntime-node"].version,
    variant: options.cuda ? `${platform}-cuda12` : platform,
    packages: options.cuda ? [...set, ...list(installer)] : set,
    script: options.cuda ? { path: "script/install.js", env: { ONNXRUNTIME_NODE_INSTALL: "cuda12" } } : null
  };
}
var RUNTIME_PLATFORMS = ["linux-x64", "linux-arm64", "darwin-arm64", "win32-x64", "win32-arm64"];
var ANY_PLATFORM = "any";
function wasmSet() {
  const { packages } = pinned_packages_default["onnxruntime-web"];
  const members = ["package.json", ...WASM_FILES.map((name) => `dist/${name}`)];
  return {
    name: "onnxruntime-web",
    version: packages["onnxruntime-web"].version,
    variant: ANY_PLATFORM,
    packages: list(packages).map((one) => one.name === "onnxruntime-web" ? { ...one, members } : one),
    script: null
  };
}
var WASM_FILES = ["ort.node.min.mjs", "ort-wasm-simd-threaded.mjs", "ort-wasm-simd-threaded.wasm"];
function sharpSet(platform) {
  const { packages, platforms } = pinned_packages_default.sharp;
  const native = platforms[platform];
  if (!native) {
    throw new MachineError(
      `sharp, which decodes images, is not pinned for ${platform}. Install it (\`npm install sharp\`) in a folder above, or use npz data.`
    );
  }
  return {
    name: "sharp",
    version: packages.sharp.version,
    variant: platform,
    packages: [...list(packages), ...list(native)],
    script: null
  };
}
function list(found) {
  return Object.entries(found).map(([name, pin]) => ({ name, ...pin, members: null }));
}

// src/runtime/provision/provision.ts
function thisMachine() {
  return {
    platform: platformKey(),
    npm: findNpm(),
    hasGpu: existsSync3("/proc/driver/nvidia/version") || existsSync3("/dev/nvidiactl"),
    above: import.meta.url,
    glibc: glibcVersion
  };
}
async function locateRuntime(options, machine = thisMachine()) {
  const { path, cuda = "auto", log } = options;
  if (path) return givenDirectory(path);
  const plain = runtimeSet(machine.platform, { cuda: false });
  const installed = packageAbove(plain, machine.above);
  if (installed) return installed;
  const withCuda = cuda === "auto" && machine.hasGpu && machine.platform === "linux-x64";
  if (withCuda) {
    try {
      return await install(runtimeSet(machine.platform, { cuda: true }), options, machine);
    } catch (error) {
      throwIfInterrupted(options.signal);
      log.warn(
        `The CUDA provider's libraries could not be installed, so only the CPU provider is there: ${messageOf(error)}`
      );
    }
  }
  return await install(plain, options, machine);
}
async function locateSharp(options, machine = thisMachine()) {
  const set = sharpSet(machine.platform);
  return packageAbove(set, machine.above) ?? await install(set, options, machine);
}
async function locateWasm(options, machine = thisMachine()) {
  const set = wasmSet();
  return packageAbove(set, machine.above) ?? await install(set, options, machine);
}
function givenDirectory(path) {
  const found = packageIn(path);
  if (!found) {
    throw new UserError(
      `\`onnxruntime-path\` is ${path}, where there is no onnxruntime-node package. Name its directory, the node_modules that holds it, or the folder of that.`
    );
  }
  return found;
}
function manifestOf(directory) {
  try {
    return JSON.parse(readFileSync(join3(directory, "package.json"), "utf8"));
  } catch {
    return null;
  }
}
function packageAbove({ name, version }, file) {
  if (!file) return null;
  const places = createRequire(file).resolve.paths(name) ?? [];
  const found = places.map((place) => join3(place, name));
  return found.find((directory) => manifestOf(directory)?.version === version) ?? null;
}
async function install(set, options, machine) {
  const { log, signal } = options;
  const entry = join3(cacheDirectory(options.cacheDir), set.name, set.version, set.variant);
  const found = join3(entry, "node_modules", set.name);
  if (await isComplete(entry)) return found;
  if (set.variant !== ANY_PLATFORM) requireGlibc(machine);
  const { npm } = machine;
  if (!npm) {
    throw new MachineError(
      `${set.name} ${set.version} is not installed and there is no npm to fetch it with. Either install it and name its directory (input \`onnxruntime-path\`), or fill ${entry} on a machine with npm and copy it here (input \`cache-dir\`).`
    );
  }
  log.info(`Installing ${set.name} ${set.version} for ${set.variant} in ${entry}`);
  try {
    await ensureEntry(entry, (directory) => fill(directory, set, { npm, signal }), signal);
  } catch (error) {
    throwIfInterrupted(signal);
    throw new MachineError(
      `${set.name} ${set.version} could not be installed. ${messageOf(error)}
Without network: install it and name its directory (input \`onnxruntime-path\`), or copy ${entry} from a machine that has it (input \`cache-dir\`).`
    );
  }
  return found;
}
async function fill(directory, set, { npm, signal }) {
  const tarballs = join3(directory, "tarballs");
  await mkdir2(tarballs);
  await writeFile2(join3(tarballs, "package.json"), "{}");
  await packPackages(set.packages, { npm, directory: tarballs, signal });
  for (const one of set.packages) {
    const target = join3(directory, "node_modules", ...one.name.split("/"));
    await mkdir2(target, { recursive: true });
    const members = (one.members ?? []).map((member) => `package/${member}`);
    const up = "../".repeat(one.name.split("/").length + 1);
    await execute("tar", ["-xzf", `${up}tarballs/${tarballName(one)}`, "--strip-components=1", ...members], {
      directory: target,
      signal
    });
  }
  await rm2(tarballs, { recursive: true });
  if (!set.script) return;
  const root = join3(directory, "node_modules", set.name);
  await execute(process.execPath, [join3(root, set.script.path)], {
    directory: root,
    env: { ...proxyForInstaller(), ...set.script.env },
    signal
  });
}
function proxyForInstaller(env = process.env) {
  const proxy = env.HTTPS_PROXY ?? env.https_proxy;
  const except = env.NO_PROXY ?? env.no_proxy;
  return {
    ...proxy ? { GLOBAL_AGENT_HTTPS_PROXY: proxy, GLOBAL_AGENT_HTTP_PROXY: proxy } : {},
    ...except ? { GLOBAL_AGENT_NO_PROXY: except } : {}
  };
}
function cacheDirectory(given, env = process.env) {
  if (given) return given;
  if (env.RUNNER_TOOL_CACHE) return join3(env.RUNNER_TOOL_CACHE, "quantgate");
  return join3(env.XDG_CACHE_HOME || join3(homedir(), ".cache"), "quantgate");
}
function requireGlibc(machine) {
  if (!machine.platform.startsWith("linux-")) return;
  const glibc = machine.glibc();
  if (glibc === null) {
    throw new MachineError(
      "The Linux binaries of ONNX Runtime need glibc, which this system (musl, as on Alpine) doesn't have. Use a Debian, Ubuntu or Red Hat based runner or container."
    );
  }
  const [major = 0, minor = 0] = glibc.split(".").map(Number);
  if (major < 2 || major === 2 && minor < 28) {
    throw new MachineError(`ONNX Runtime needs glibc 2.28 or newer; this system has ${glibc}.`);
  }
}
function glibcVersion() {
  const { header } = process.report.getReport();
  return header.glibcVersionRuntime ?? null;
}
async function execute(command, args, { directory, env, signal }) {
  const environment = { ...withoutSecrets(), ...env };
  const end = await runProgram(command, args, { directory, environment, signal });
  if (end.startError !== null) throw new MachineError(`${command} could not be run: ${end.startError}`);
  if (end.exitCode !== 0) {
    throw new MachineError(
      `${command} ended with ${end.signal ?? end.exitCode}: ${end.stderr.trim().slice(-4e3)}`
    );
  }
}

export {
  certificateAdvice,
  isComplete,
  ensureEntry,
  locateRuntime,
  locateSharp,
  locateWasm
};
