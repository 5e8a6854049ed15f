/** Which wheels of PyPI hold the CUDA provider and NVIDIA's libraries, at which versions and with which hashes. */
import type { CudaMajor } from './driver.js';
import pins from './pinned-wheels.json' with { type: 'json' };

export interface Wheel {
  package: string;
  version: string;
  /** File name: it carries the tags that pip has to ask for, whatever the machine's Python. */
  file: string;
  /** SHA-256, hexadecimal. */
  sha256: string;
  sizeBytes: number;
  /** Libraries that are taken out of it: name → path in the wheel and size. */
  libraries: Record<string, { path: string; sizeBytes: number }>;
  /** Names that the dynamic loader is asked for, of those; the others are loaded by them. */
  needed: string[];
}

/** The JSON as it is meant: TypeScript would give every wheel all libraries of all. */
const PINS = pins as unknown as { provider: Wheel; libraries: Record<CudaMajor, Wheel[]> };

/** ONNX Runtime's CUDA and TensorRT providers, built for CUDA 13; npm's script brings those for CUDA 12. */
export const PROVIDER_13 = PINS.provider;

/** NVIDIA's libraries for a major version of CUDA. */
export function nvidiaWheels(major: CudaMajor): Wheel[] {
  return PINS.libraries[major];
}

export function unpackedBytes({ libraries }: Wheel): number {
  return Object.values(libraries).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}
