/** quantgate doctor: what this machine can measure, and how noisy it is. */
import { EXIT } from '../errors.js';
import type { GpuState } from '../machine/nvidia-smi.js';
import { type Diagnosis, diagnose } from '../measure/doctor.js';
import { formatValue } from '../report/format.js';
import type { CliContext } from './context.js';

export async function doctorCommand(context: CliContext): Promise<number> {
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
  problems,
}: Diagnosis): string {
  const percent = (ratio: number) => `${(100 * ratio).toFixed(1)} %`;
  const lines = [
    `CPU          ${environment.cpu}, ${environment.cores} cores, ${formatValue(environment.memoryBytes, 'bytes')}`,
    `features     ${environment.cpuFeatures.join(', ') || 'none known'}`,
    ...(governor ? [`governor     ${governor}`] : []),
    ...(environment.container ? [`container    ${environment.container}`] : []),
    `Node         ${environment.node}`,
    `ONNX Runtime ${environment.onnxruntime} (${runtimeDirectory})`,
    ...providers.map(
      ({ name, opens, reason }) =>
        `provider     ${name}: ${opens ? 'opens and computes' : `not usable. ${reason ?? ''}`}`,
    ),
    ...(gpus === null
      ? ['GPU          nvidia-smi does not answer']
      : gpus.map((gpu) => `GPU          ${gpuState(gpu)}`)),
    `trtexec      ${trtexec ?? 'not found: TensorRT runs INT8 only through it'}`,
    noise
      ? `noise floor  ±${percent(noise.floor)} (A/A ratio ${noise.ratio.toFixed(3)}, ${percent(noise.betweenLaunches)} between processes)`
      : 'noise floor  not measured',
    ...problems.map((problem) => `! ${problem}`),
  ];
  return lines.join('\n');
}

/** What nvidia-smi tells of it; a GPU that hides something has a shorter line. */
function gpuState(gpu: GpuState): string {
  const told = (value: number | null, text: (value: number) => string) =>
    value === null ? [] : [text(value)];
  return [
    `${gpu.index}: ${gpu.name}`,
    `driver ${gpu.driver}`,
    ...told(gpu.memoryTotalBytes, (bytes) => formatValue(bytes, 'bytes')),
    ...told(gpu.smClockMHz, (clock) => `${clock} of ${gpu.smClockMaxMHz ?? '?'} MHz`),
    ...told(gpu.temperatureCelsius, (celsius) => `${celsius} °C`),
    ...told(gpu.utilization, (percent) => `${percent} % busy`),
    ...(gpu.persistence === null ? [] : [`persistence ${gpu.persistence ? 'on' : 'off'}`]),
    ...(gpu.mig ? ['divided (MIG)'] : []),
    ...(gpu.throttling.length > 0 ? [`held down by ${gpu.throttling.join(', ')}`] : []),
  ].join(', ');
}
