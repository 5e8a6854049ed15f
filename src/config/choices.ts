/** The words that quantgate.yml and the command line take for one thing: each list here, and the same in quantgate.schema.json (tested). */

export const METHODS = [
  'int8-static',
  'int8-dynamic',
  'float16',
  'int8-weights',
  'int4-weights',
  'auto',
] as const;
export type Method = (typeof METHODS)[number];

/** Other systems' options for quantizing. */
export const PRESETS = ['torch', 'onnxruntime', 'tensorrt'] as const;
export type Preset = (typeof PRESETS)[number];

/** What a quantized file is for. */
export const TARGETS = ['cpu', 'arm64', 'cuda', 'tensorrt', 'webgpu', 'wasm'] as const;
export type Target = (typeof TARGETS)[number];

/** How ranges are found on samples. */
export const CALIBRATORS = ['minmax', 'moving-average', 'percentile', 'entropy', 'mse'] as const;
export type Calibrator = (typeof CALIBRATORS)[number];

/** The range of `percentile`, in percent. */
export function isPercentile(value: unknown): value is number {
  return typeof value === 'number' && value > 50 && value <= 100;
}

/** Programs that look for files by names of their own. */
export const FILE_NAMES = ['transformers.js'] as const;
export type FileNames = (typeof FILE_NAMES)[number];

/** How weights are rounded: each to the nearest, or fitted to what calibration data make of a layer. */
export const ROUNDINGS = ['nearest', 'adaptive', 'gptq'] as const;
export type Rounding = (typeof ROUNDINGS)[number];

/** What `auto` makes least. */
export const OBJECTIVES = ['latency', 'size'] as const;
export type Objective = (typeof OBJECTIVES)[number];

/** What data can be read as. */
export const DATA_FORMATS = [
  'image-folder',
  'npz',
  'npy',
  'onnx-tests',
  'jsonl',
  'idx',
  'csv',
  'coco',
  'yolo',
  'voc',
  'text-lines',
  'conll',
  'squad',
  'text',
  'beir',
  'speech',
] as const;
export type DataFormat = (typeof DATA_FORMATS)[number];

/** How images are resized. All but the last are Pillow's, which smooth when they make an image smaller (nearest doesn't). */
export const FILTERS = ['bilinear', 'bicubic', 'lanczos', 'nearest', 'box', 'opencv-bilinear'] as const;
export type Filter = (typeof FILTERS)[number];

/** The field's usual preprocessing, sized to the model's input. */
export const INPUT_PRESETS = ['imagenet', 'imagenet-bicubic', 'clip', 'yolo', 'caffe'] as const;
export type InputPreset = (typeof INPUT_PRESETS)[number];

/** Execution providers that can be measured. */
export const PROVIDERS = [
  'cpu',
  'cuda',
  'tensorrt',
  'webgpu',
  'wasm',
  'browser-wasm',
  'browser-webgpu',
  'dml',
  'coreml',
] as const;
