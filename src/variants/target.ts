/** What kind of machine a variant's file is shaped for. */
import type { Target } from '../config/choices.js';

const BY_PROVIDER: Record<string, Target> = {
  cuda: 'cuda',
  tensorrt: 'tensorrt',
  webgpu: 'webgpu',
  wasm: 'wasm',
  'browser-wasm': 'wasm',
  'browser-webgpu': 'webgpu',
};

/** The target follows the provider; the CPU's follows its architecture (process.arch). */
export function targetOf(provider: string, arch: string = process.arch): Target {
  return BY_PROVIDER[provider] ?? (arch === 'arm64' ? 'arm64' : 'cpu');
}
