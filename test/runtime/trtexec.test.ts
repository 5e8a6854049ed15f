import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Interrupted, MachineError, UserError } from '../../src/errors.js';
import { attribute, intAttribute, stringAttribute } from '../../src/onnx/attributes.js';
import { readModel } from '../../src/onnx/file/read.js';
import { wrapEngine } from '../../src/runtime/ep-context.js';
import {
  buildArguments,
  buildEngine,
  failureLine,
  findTrtexec,
  openTrtexec,
  parseTimes,
  parseVersion,
  timeArguments,
  timeEngine,
  trtexecRunner,
} from '../../src/runtime/trtexec.js';
import {
  FAILED_BUILD,
  FAILED_PARSE,
  HELP_8,
  HELP_10,
  HELP_11,
  STARVED_BUILD,
  TIMES,
} from './fixtures/trtexec.js';
import { modelFolder, reluModel } from './models.js';

const folder = modelFolder();
afterAll(() => folder.remove());

const opened = (help: string) => openTrtexec(async () => ({ code: 0, output: help }));
const engine = {
  model: 'm.onnx',
  engine: 'm.engine',
  shapes: { image: [1, 3, 224, 224] },
  precision: { int8: true, float16: false },
};
const timing = {
  engine: 'm.engine',
  shapes: {},
  times: 't.json',
  transfers: false,
  warmUpMs: 500,
  durationS: 1,
};

describe('trtexec', () => {
  it('tells its version in three spellings, asked twice if need be', async () => {
    expect(parseVersion('&&&& RUNNING TensorRT.trtexec [TensorRT v101401] [b48] # trtexec --help')).toEqual({
      major: 10,
      minor: 14,
      patch: 1,
    });
    expect(parseVersion('&&&& RUNNING TensorRT.trtexec [TensorRT v8601] # trtexec')).toEqual({
      major: 8,
      minor: 6,
      patch: 1,
    });
    expect(parseVersion('TensorRT version: 11.0.0')).toEqual({ major: 11, minor: 0, patch: 0 });
    expect(parseVersion('command not found')).toBeNull();
    const quiet = await openTrtexec(async ([option]) => ({
      code: 0,
      output:
        option === '--version' ? 'TensorRT version: 11.2.0' : '  --skipInference   Exit after building\n',
    }));
    expect(quiet).toMatchObject({ version: { major: 11, minor: 2 }, options: new Set(['--skipInference']) });
    await expect(openTrtexec(async () => ({ code: 1, output: 'Segmentation fault' }))).rejects.toThrow(
      /does not tell its version: Segmentation fault/,
    );
    const output =
      'trtexec: error while loading shared libraries: libnvinfer.so.10: cannot open shared object file: No such file or directory';
    await expect(openTrtexec(async () => ({ code: 127, output }))).rejects.toThrow(
      /because libnvinfer\.so\.10 is missing: install TensorRT 10/,
    );
  });

  it('builds strongly typed engines from version 10 on, and allows INT8 before', async () => {
    expect(buildArguments(await opened(HELP_8), engine)).toEqual(
      expect.arrayContaining(['--int8', '--fp16', '--buildOnly']),
    );
    const ten = buildArguments(await opened(HELP_10), engine);
    expect(ten).toEqual(expect.arrayContaining(['--stronglyTyped', '--skipInference']));
    expect(ten).not.toContain('--int8');
    const eleven = buildArguments(await opened(HELP_11), engine).join(' ');
    expect(eleven).not.toMatch(/--int8|--fp16|--stronglyTyped/);
    expect(eleven).toContain('--optShapes=image:1x3x224x224');
  });

  it('includes or leaves out the copies by whichever option this version has', async () => {
    const [eight, eleven] = [await opened(HELP_8), await opened(HELP_11)];
    expect(timeArguments(eight, timing)).toContain('--noDataTransfers');
    expect(timeArguments(eight, { ...timing, transfers: true })).not.toContain('--noDataTransfers');
    expect(timeArguments(eleven, timing).join(' ')).not.toContain('DataTransfers');
    expect(timeArguments(eleven, { ...timing, transfers: true })).toContain('--includeDataTransfers');
  });

  it('exports the times of each run, with and without copies', () => {
    expect([...parseTimes(TIMES, false)]).toEqual([0.512, 0.498, 0.505]);
    expect([...parseTimes(TIMES, true)]).toEqual([0.62, 0.601, 0.611]);
    for (const garbled of ['', '[]', '{}', '[{"computeMs": "NaN"}]', '[{"computeMs" : 0.5},']) {
      expect(() => parseTimes(garbled, false)).toThrow(MachineError);
    }
  });

  it('that writes no times is not given another engine’s', async () => {
    const times = join(folder.path, 'times.json');
    writeFileSync(times, TIMES);
    const silent = { ...(await opened(HELP_10)), run: async () => ({ code: 0, output: '' }) };
    await expect(timeEngine(silent, { ...timing, times })).rejects.toThrow(/trtexec wrote no times to/);
  });

  it('that fails on an operator is quoted with that line', async () => {
    const trtexec = await opened(HELP_10);
    const failing = { ...trtexec, run: async () => ({ code: 1, output: FAILED_BUILD }) };
    const building = buildEngine(failing, engine);
    await expect(building).rejects.toThrow(UserError);
    await expect(building).rejects.toThrow(
      /engine of m\.onnx: .*Could not find any implementation for node \/model\/Mod/,
    );
    expect(failureLine(FAILED_PARSE)).toMatch(
      /In node 3 with name: x_QuantizeLinear and operator: DynamicQuantizeLinear/,
    );
    expect(failureLine('')).toBe('it printed nothing');
  });

  it('out of GPU memory is the machine’s failure', async () => {
    const failing = { ...(await opened(HELP_10)), run: async () => ({ code: 1, output: STARVED_BUILD }) };
    await expect(buildEngine(failing, engine)).rejects.toThrow(MachineError);
    await expect(buildEngine(failing, engine)).rejects.toThrow(
      /out of memory: .*Requested size was 8589934592/,
    );
  });

  it('is found on PATH, run, and stopped when it hangs or the run is interrupted', async () => {
    const path = join(folder.path, 'trtexec');
    writeFileSync(path, '#!/bin/sh\n[ "$1" = hang ] && exec tail -f /dev/null\necho "ran $1"\nexit 3\n');
    chmodSync(path, 0o755);
    expect(findTrtexec({ PATH: folder.path })).toBe(path);
    expect(findTrtexec({ PATH: '', QUANTGATE_TRTEXEC: path })).toBe(path);
    expect(() => findTrtexec({ PATH: folder.path, QUANTGATE_TRTEXEC: '/absent' })).toThrow(UserError);
    expect(await trtexecRunner(path)(['--help'])).toEqual({ code: 3, output: 'ran --help\n\n' });
    await expect(trtexecRunner(path, { timeoutMs: 50 })(['hang'])).rejects.toThrow(/no end after 0\.05 s/);
    const abort = new AbortController();
    const running = trtexecRunner(path, { signal: abort.signal })(['hang']);
    abort.abort();
    await expect(running).rejects.toThrow(Interrupted);
  });
});

describe('the wrapper around an engine', () => {
  it('is one EPContext node with the model’s inputs and outputs, beside the engine', () => {
    const file = folder.write('wrapper.onnx', wrapEngine(join(folder.path, 'm.engine'), reluModel()));
    const { graph } = readModel(file);
    const [node] = graph.nodes;
    expect(graph.nodes).toHaveLength(1);
    expect(node).toMatchObject({ opType: 'EPContext', domain: 'com.microsoft', input: ['x'], output: ['y'] });
    expect(stringAttribute(node!, 'ep_cache_context', '')).toBe('m.engine');
    expect(intAttribute(node!, 'embed_mode', 1)).toBe(0);
    expect(attribute(node!, 'source')).toBeDefined();
    expect(graph.inputs.map(({ name }) => name)).toEqual(['x']);
  });
});
