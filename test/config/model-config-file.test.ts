import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { modelConfigFile } from '../../src/config/model-config-file.js';
import { temporaryFolder } from '../data/samples.js';

/** A folder with a repository `repo` in it, and these files. */
function placed(...files: string[]): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'repo', '.git'), { recursive: true });
  for (const file of files) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), '{}');
  }
  return folder;
}

describe("the config.json of a model's classes", () => {
  it('is found beside the model, and one folder above it', () => {
    const folder = placed('repo/config.json', 'repo/onnx/model.onnx');
    const model = join(folder, 'repo', 'onnx', 'model.onnx');
    expect(modelConfigFile(model, null)).toBe(join(folder, 'repo', 'config.json'));
    writeFileSync(join(folder, 'repo', 'onnx', 'config.json'), '{}');
    expect(modelConfigFile(model, null)).toBe(join(folder, 'repo', 'onnx', 'config.json'));
  });

  it("is not one above the repository of a model at the repository's root, with a tokenizer or without", () => {
    const folder = placed('config.json', 'repo/model.onnx', 'repo/tokenizer.json');
    const model = join(folder, 'repo', 'model.onnx');
    expect(modelConfigFile(model, null)).toBeNull();
    expect(modelConfigFile(model, join(folder, 'repo', 'tokenizer.json'))).toBeNull();
  });

  it('is not one that a link in the repository points to elsewhere', () => {
    const folder = placed('elsewhere.json', 'repo/model.onnx');
    symlinkSync(join(folder, 'elsewhere.json'), join(folder, 'repo', 'config.json'));
    expect(modelConfigFile(join(folder, 'repo', 'model.onnx'), null)).toBeNull();
  });

  it('lies beside a tokenizer that is named, wherever that is', () => {
    const folder = placed('shared/config.json', 'shared/tokenizer.json', 'repo/model.onnx');
    const tokenizer = join(folder, 'shared', 'tokenizer.json');
    expect(modelConfigFile(join(folder, 'repo', 'model.onnx'), tokenizer)).toBe(
      join(folder, 'shared', 'config.json'),
    );
  });
});
