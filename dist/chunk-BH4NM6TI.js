import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  PROVIDER_DEADLINE_MS,
  measureNoise,
  providerComputes,
  readEnvironment
} from "./chunk-PKDQGG7B.js";
import "./chunk-INTCTOW5.js";
import "./chunk-DVNG3BAF.js";
import {
  findTrtexec,
  openTrtexec,
  readGpus,
  readMachineState,
  runNvidiaSmi,
  trtexecRunner
} from "./chunk-HMNURZ3L.js";
import "./chunk-YFYDZQFU.js";
import "./chunk-IRS7RKVC.js";
import "./chunk-AQF5U6DS.js";
import "./chunk-NAGRX56O.js";
import "./chunk-MXXY4EXN.js";
import {
  formatValue
} from "./chunk-DBYFNPEJ.js";
import "./chunk-MK6PZPSP.js";
import "./chunk-LB3U3NNG.js";
import "./chunk-2BQ5FZ24.js";
import "./chunk-IZBBBSAD.js";
import "./chunk-YKREVSBC.js";
import "./chunk-DDUI4A4C.js";
import "./chunk-YI7OXUMY.js";
import "./chunk-IOOXQZY3.js";
import "./chunk-UIZ46WAI.js";
import "./chunk-7TKFABJD.js";
import "./chunk-65YWRPIP.js";
import "./chunk-OKSQO7JT.js";
import "./chunk-57WIVW7N.js";
import "./chunk-OEIIXWBO.js";
import "./chunk-K7D3JYL6.js";
import "./chunk-B4R2XIPD.js";
import {
  EXIT,
  Interrupted,
  messageOf,
  throwIfInterrupted
} from "./chunk-IYM25C4U.js";
import "./chunk-XNDQ27F5.js";

// src/measure/doctor.ts
async function diagnose(request) {
  const { context } = request;
  const { runtime, signal } = context;
  const gpus = await readGpus(request.nvidiaSmi ?? runNvidiaSmi);
  const environment = await readEnvironment(runtime, { nvidiaSmi: request.nvidiaSmi ?? runNvidiaSmi });
  const providers = [];
  for (const name of runtime.providers) {
    throwIfInterrupted(signal);
    providers.push(await tryProvider(name, context));
  }
  const problems = [];
  const governor = readMachineState()?.governor ?? null;
  if (governor !== null && governor !== "performance") {
    problems.push(
      `CPU frequency governor is '${governor}': latency varies with the clock. Set it to performance (cpupower frequency-set -g performance).`
    );
  }
  if (environment.cpuFeatures.includes("saturating-int8")) {
    problems.push(
      "This CPU adds int8 products in 16 bits (no VNNI): full-range u8\xB7s8 weights saturate. Keep saturation-safe weights on."
    );
  }
  const trtexec = await findVersion(problems, signal);
  for (const gpu of gpus ?? []) {
    if (gpu.persistence === false) {
      problems.push(
        `Persistence mode of ${gpu.name} is off: every process loads the driver anew. Turn it on: nvidia-smi -pm 1.`
      );
    }
    if (gpu.throttling.length > 0) {
      problems.push(`${gpu.name} is held down by ${gpu.throttling.join(", ")}: check cooling and power.`);
    }
  }
  let noise = null;
  const budgetMs = request.noiseBudgetMs ?? 6e3;
  if (budgetMs > 0) {
    try {
      noise = await measureNoise({
        context,
        budgetMs,
        // Of the model that the noise is measured with.
        threads: context.threads
      });
      environment.noiseFloor = noise.floor;
      environment.noiseFloorFrom = "copy";
    } catch (error) {
      if (signal?.aborted) throw error;
      problems.push(`The noise floor can't be measured: ${messageOf(error)}`);
    }
  }
  return {
    environment,
    runtimeDirectory: runtime.directory,
    providers,
    gpus,
    trtexec,
    governor,
    noise,
    problems
  };
}
async function findVersion(problems, signal) {
  try {
    const command = findTrtexec();
    if (command === null) return null;
    const { version } = await openTrtexec(
      trtexecRunner(command, { signal, timeoutMs: PROVIDER_DEADLINE_MS })
    );
    return `${version.major}.${version.minor}.${version.patch} (${command})`;
  } catch (error) {
    if (error instanceof Interrupted) throw error;
    problems.push(messageOf(error));
    return null;
  }
}
async function tryProvider(name, context) {
  try {
    const opens = await providerComputes(name, { context });
    return { name, opens, reason: opens ? null : "it computes wrong results: |\u22122| is not 2" };
  } catch (error) {
    if (context.signal?.aborted) throw error;
    return { name, opens: false, reason: messageOf(error) };
  }
}

// src/cli/doctor.ts
async function doctorCommand(context) {
  const diagnosis = await diagnose({ context: await context.toRun() });
  context.print(diagnosis, () => diagnosisText(diagnosis));
  return EXIT.pass;
}
function diagnosisText({
  environment,
  runtimeDirectory,
  providers,
  gpus,
  trtexec,
  governor,
  noise,
  problems
}) {
  const percent = (ratio) => `${(100 * ratio).toFixed(1)} %`;
  const lines = [
    `CPU          ${environment.cpu}, ${environment.cores} cores, ${formatValue(environment.memoryBytes, "bytes")}`,
    `features     ${environment.cpuFeatures.join(", ") || "none known"}`,
    ...governor ? [`governor     ${governor}`] : [],
    ...environment.container ? [`container    ${environment.container}`] : [],
    `Node         ${environment.node}`,
    `ONNX Runtime ${environment.onnxruntime} (${runtimeDirectory})`,
    ...providers.map(
      ({ name, opens, reason }) => `provider     ${name}: ${opens ? "opens and computes" : `not usable. ${reason ?? ""}`}`
    ),
    ...gpus === null ? ["GPU          nvidia-smi does not answer"] : gpus.map((gpu) => `GPU          ${gpuState(gpu)}`),
    `trtexec      ${trtexec ?? "not found: TensorRT runs INT8 only through it"}`,
    noise ? `noise floor  \xB1${percent(noise.floor)} (A/A ratio ${noise.ratio.toFixed(3)}, ${percent(noise.betweenLaunches)} between processes)` : "noise floor  not measured",
    ...problems.map((problem) => `! ${problem}`)
  ];
  return lines.join("\n");
}
function gpuState(gpu) {
  const told = (value, text) => value === null ? [] : [text(value)];
  return [
    `${gpu.index}: ${gpu.name}`,
    `driver ${gpu.driver}`,
    ...told(gpu.memoryTotalBytes, (bytes) => formatValue(bytes, "bytes")),
    ...told(gpu.smClockMHz, (clock) => `${clock} of ${gpu.smClockMaxMHz ?? "?"} MHz`),
    ...told(gpu.temperatureCelsius, (celsius) => `${celsius} \xB0C`),
    ...told(gpu.utilization, (percent) => `${percent} % busy`),
    ...gpu.persistence === null ? [] : [`persistence ${gpu.persistence ? "on" : "off"}`],
    ...gpu.mig ? ["divided (MIG)"] : [],
    ...gpu.throttling.length > 0 ? [`held down by ${gpu.throttling.join(", ")}`] : []
  ].join(", ");
}
export {
  doctorCommand
};
