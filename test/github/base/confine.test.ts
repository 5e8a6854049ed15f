import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { defaultConfig, defaultData, defaultModel } from '../../../src/config/defaults.js';
import { assertConfined, assertInside } from '../../../src/github/base/confine.js';

const folder = mkdtempSync(join(tmpdir(), 'quantgate-test-'));
afterAll(() => rmSync(folder, { recursive: true }));
const workspace = join(folder, 'workspace');
mkdirSync(workspace);
writeFileSync(join(folder, 'secret.onnx'), '');
writeFileSync(join(workspace, 'model.onnx'), '');
symlinkSync(join(folder, 'secret.onnx'), join(workspace, 'link.onnx'));

const own = join(workspace, 'model.onnx');

describe("a fork's configuration", () => {
  it('may name files of its checkout, those that are missing included', () => {
    const data = { evaluation: defaultData(join(workspace, 'val')), calibration: null };
    expect(() => assertConfined(defaultConfig([defaultModel(own, { data })]), workspace)).not.toThrow();
  });

  it('may do so in a workspace that is reached through a link', () => {
    const linked = join(folder, 'linked');
    symlinkSync(workspace, linked);
    for (const name of ['model.onnx', 'missing.onnx', '..odd.onnx'])
      expect(() => assertInside(join(linked, name), linked)).not.toThrow();
  });

  it('may not itself be a link to a file outside, nor name what is not there yet outside', () => {
    symlinkSync(folder, join(workspace, 'up'));
    for (const path of [join(workspace, 'link.onnx'), join(workspace, 'up/missing.onnx')])
      expect(() => assertInside(path, workspace)).toThrow(/outside of the workspace/);
  });

  it('may not name files outside, by path or by link', () => {
    const outside = join(folder, 'secret.onnx');
    for (const model of [
      defaultModel(outside),
      defaultModel(join(workspace, 'link.onnx')),
      defaultModel(own, { data: { evaluation: defaultData('/etc'), calibration: null } }),
      defaultModel(own, { variants: [{ name: 'v', kind: 'file', file: outside }] }),
    ]) {
      expect(() => assertConfined(defaultConfig([model]), workspace)).toThrow(/outside of the workspace/);
    }
  });

  it('may not name a folder of data with a link to outside in it, however deep; links within the checkout are none of that', () => {
    const config = (path: string) =>
      defaultConfig([defaultModel(own, { data: { evaluation: defaultData(path), calibration: null } })]);
    const data = join(workspace, 'classes');
    mkdirSync(join(data, 'cat', 'deep'), { recursive: true });
    writeFileSync(join(data, 'cat', '1.png'), '');
    symlinkSync(join(data, 'cat', '1.png'), join(data, 'cat', 'deep', '2.png'));
    symlinkSync(data, join(data, 'cat', 'deep', 'round'));
    expect(() => assertConfined(config(data), workspace)).not.toThrow();
    const link = join(data, 'cat', 'deep', 'secret.png');
    symlinkSync(join(folder, 'secret.onnx'), link);
    expect(() => assertConfined(config(data), workspace)).toThrow(
      /secret\.png lies outside of the workspace/,
    );
    // Beside a table lie the files that it names.
    expect(() => assertConfined(config(join(data, 'rows.jsonl')), workspace)).toThrow(
      /secret\.png lies outside/,
    );
    rmSync(link);
  });
});
