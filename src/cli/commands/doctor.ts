/** quantgate doctor: what this machine can measure, and how noisy it is. */
import { EXIT } from '../../errors.js';
import type { GpuState } from '../../machine/nvidia-smi.js';
import { type Diagnosis, diagnose, type ProviderDiagnosis } from '../../measure/doctor.js';
import { formatValue } from '../../report/words/format.js';
import { type CudaPlan, planCuda } from '../../runtime/provision/cuda/cuda.js';
import { wasmDownload } from '../../runtime/provision/provision.js';
import type { CliContext } from '../context/context.js';

export async function doctorCommand(context: CliContext): Promise<number> {
  const run = await context.toRun();
  const { onnxruntimePath: path, cuda } = context.options;
  const diagnosis = await diagnose({
    context: run,
    webDownload: (build) => wasmDownload({ build }),
    cuda: () => planCuda(run.runtime.directory, { path, cuda, log: context.log }),
  });
  context.print(diagnosis, () => diagnosisText(diagnosis));
  return EXIT.pass;
}

function diagnosisText({
  environment,
  runtimeDirectory,
  providers,
  cuda,
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
    ...providers.map((provider) => `provider     ${provider.name}: ${providerState(provider)}`),
    ...(cuda === null ? [] : [`CUDA         ${cudaState(cuda)}`]),
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

function providerState({ opens, reason, untried, browser }: ProviderDiagnosis): string {
  if (opens) return `opens and computes${browser ? ` in ${browser}` : ''}`;
  return untried ? (reason ?? 'not tried') : `not usable. ${reason ?? ''}`;
}

/** The driver, and where CUDA's provider and NVIDIA's libraries are. */
function cudaState({ driver, major, provider, libraries, fetch }: CudaPlan): string {
  const folders = [...new Set(libraries.flatMap(({ folder }) => folder ?? []))];
  const download = fetch.reduce((sum, { downloadBytes }) => sum + (downloadBytes ?? 0), 0);
  const disk = fetch.reduce((sum, { diskBytes }) => sum + (diskBytes ?? 0), 0);
  return [
    `driver ${driver}`,
    ...(major === null ? [] : [`CUDA ${major}`]),
    ...(provider === null ? [] : [`provider in ${provider}`]),
    ...(folders.length > 0 ? [`libraries in ${folders.join(', ')}`] : []),
    ...(fetch.length > 0
      ? [`to fetch ${formatValue(download, 'bytes')}, ${formatValue(disk, 'bytes')} on disk`]
      : []),
  ].join('; ');
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
