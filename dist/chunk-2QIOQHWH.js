import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  PROVIDER_DEADLINE_MS,
  measureNoise,
  providerComputes,
  readEnvironment
} from "./chunk-TEZJVF4A.js";
import {
  findTrtexec,
  openTrtexec,
  readGpus,
  readMachineState,
  runNvidiaSmi,
  trtexecRunner
} from "./chunk-IZQF6FWG.js";
import "./chunk-WWK6ANO5.js";
import "./chunk-27DI4K3I.js";
import "./chunk-M5WQ36NC.js";
import "./chunk-V3ZUR56S.js";
import "./chunk-GPC3L3RH.js";
import "./chunk-FKHBUIO2.js";
import {
  formatValue
} from "./chunk-J6LORSIW.js";
import "./chunk-CTCCJ4DQ.js";
import "./chunk-UIZ46WAI.js";
import "./chunk-THY4HZQJ.js";
import "./chunk-PPDM2O2Z.js";
import "./chunk-7WTHJFBX.js";
import "./chunk-DVVUUUNP.js";
import "./chunk-HCMXGMTG.js";
import {
  EXIT,
  messageOf
} from "./chunk-KJWZXA2F.js";
import "./chunk-XNDQ27F5.js";

// src/measure/doctor.ts
async function diagnose(request) {
  const { runtime, signal, log } = request;
  const gpus = await readGpus(request.nvidiaSmi ?? runNvidiaSmi);
  const environment = await readEnvironment(runtime, { nvidiaSmi: request.nvidiaSmi ?? runNvidiaSmi });
  const providers = [];
  for (const name of runtime.providers) {
    signal?.throwIfAborted();
    providers.push(await tryProvider(name, request));
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
  const trtexec = await findVersion(problems);
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
        runtime,
        budgetMs,
        ...request.threads === void 0 ? {} : { threads: request.threads },
        ...signal ? { signal } : {},
        ...log ? { log } : {}
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
async function findVersion(problems) {
  try {
    const command = findTrtexec();
    if (command === null) return null;
    const { version } = await openTrtexec(trtexecRunner(command, { timeoutMs: PROVIDER_DEADLINE_MS }));
    return `${version.major}.${version.minor}.${version.patch} (${command})`;
  } catch (error) {
    problems.push(messageOf(error));
    return null;
  }
}
async function tryProvider(name, { runtime, signal }) {
  try {
    const opens = await providerComputes(name, { runtime, ...signal ? { signal } : {} });
    return { name, opens, reason: opens ? null : "it computes wrong results: |\u22122| is not 2" };
  } catch (error) {
    if (signal?.aborted) throw error;
    return { name, opens: false, reason: messageOf(error) };
  }
}

// src/cli/doctor.ts
async function doctorCommand(context) {
  const diagnosis = await diagnose({
    runtime: await context.runtime(),
    log: context.log,
    signal: context.signal,
    ...context.options.threads ? { threads: context.options.threads } : {}
  });
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
