import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);

// package.json
var package_default = {
  name: "quantgate",
  version: "0.1.0",
  description: "Quantize an ONNX model in CI, measure original and quantized side by side, judge both against thresholds, and report on the pull request.",
  keywords: [
    "onnx",
    "quantization",
    "int8",
    "benchmark",
    "github-action",
    "onnxruntime"
  ],
  license: "MIT",
  repository: {
    type: "git",
    url: "git+https://github.com/quantgate/quantgate.git"
  },
  type: "module",
  bin: {
    quantgate: "dist/cli.js"
  },
  files: [
    "dist",
    "quantgate.schema.json",
    "quantgate-report.schema.json",
    "action.yml",
    "README.md",
    "CHANGELOG.md",
    "LICENSE"
  ],
  engines: {
    node: ">=20"
  },
  scripts: {
    demo: "node scripts/demo.mjs",
    test: "node scripts/test.mjs",
    build: "node scripts/build.mjs",
    typecheck: "tsc --noEmit",
    lint: "biome check .",
    format: "biome check --write .",
    knip: "knip",
    "check-dist": "node scripts/check-dist.mjs"
  },
  peerDependencies: {
    "onnxruntime-node": "1.30.0",
    sharp: "0.35.5"
  },
  peerDependenciesMeta: {
    "onnxruntime-node": {
      optional: true
    },
    sharp: {
      optional: true
    }
  },
  devDependencies: {
    "@actions/core": "3.0.1",
    "@actions/github": "9.1.1",
    "@actions/workflow-parser": "0.3.61",
    "@biomejs/biome": "2.5.15",
    "@bufbuild/protobuf": "2.17.0",
    "@huggingface/tokenizers": "0.2.0",
    "@octokit/openapi": "23.0.2",
    "@octokit/webhooks-examples": "7.6.1",
    "@types/mdast": "4.0.4",
    "@types/node": "20.19.43",
    "@types/yauzl": "3.4.0",
    ajv: "8.20.0",
    "axe-core": "4.14.1",
    "badge-maker": "6.0.0",
    commander: "14.0.3",
    "csv-parse": "7.0.3",
    esbuild: "0.28.2",
    "fast-check": "4.10.2",
    "fast-xml-parser": "5.12.1",
    "fastest-levenshtein": "1.0.16",
    fflate: "0.8.3",
    knip: "6.44.2",
    "markdown-table": "3.1.0",
    "mdast-util-from-markdown": "2.1.0",
    "mdast-util-gfm": "3.1.0",
    "micromark-extension-gfm": "3.0.0",
    "onnx-buf": "1.20.0-1",
    "onnxruntime-node": "1.30.0",
    "onnxruntime-web": "1.30.0",
    picocolors: "1.1.1",
    sharp: "0.35.5",
    "string-width": "8.2.0",
    tinyglobby: "0.2.17",
    typescript: "7.0.2",
    vitest: "4.1.12",
    wavefile: "11.0.0",
    yaml: "2.9.1",
    yauzl: "3.4.0"
  }
};

// src/version.ts
var VERSION = package_default.version;

export {
  VERSION
};
