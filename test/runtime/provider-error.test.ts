import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { missingLibrary } from '../../src/runtime/provider-error.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'provider-error-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

describe('a provider that does not open', () => {
  it('names the library that is not beside the binary, and the installer when the package has one', () => {
    mkdirSync(join(directory, 'script'));
    writeFileSync(join(directory, 'script/install.js'), '');
    const said = missingLibrary('no available backend found', { provider: 'cuda', directory });
    expect(said).toContain('libonnxruntime_providers_shared.so is missing');
    expect(said).toContain(`node ${join(directory, 'script/install.js')}`);
  });

  it('says when it would be fetched, where the package came without an installer, as quantgate unpacks it', () => {
    const said = missingLibrary('no available backend found', { provider: 'cuda', directory });
    expect(said).toContain('quantgate fetches');
    expect(said).toContain('NVIDIA driver');
    expect(said).toContain('`onnxruntime-path`');
    expect(said).not.toContain('install.js');
  });

  it.each([
    ['libcudnn.so.9: cannot open shared object file', 'cuDNN 9'],
    ['libcublasLt.so.12: cannot open shared object file', 'CUDA toolkit'],
    ['libcuda.so.1: cannot open shared object file', 'NVIDIA driver'],
    ['CUDA driver version is insufficient for CUDA runtime version', 'update the driver'],
  ])('because of "%s" says what to install: %s', (text, step) => {
    expect(missingLibrary(text, { provider: 'cuda', directory })).toContain(step);
  });

  it('is not explained by a guess where the text says nothing and nothing is missing', () => {
    expect(missingLibrary('something else', { provider: 'webgpu', directory })).toBe('');
  });
});
