import { describe, expect, it } from 'vitest';
import { MachineError } from '../../src/errors.js';
import { parseProfile, threadsAtWork } from '../../src/runtime/profile.js';

/** An event as ONNX Runtime 1.30 writes it, less what is not read. */
const event = (name: string, durationUs: number, args: Record<string, unknown>) => ({
  cat: 'Node',
  pid: 1,
  tid: 1,
  dur: durationUs,
  ts: 1,
  ph: 'X',
  name,
  args,
});

const conv = {
  op_name: 'Conv',
  provider: 'WebGpuExecutionProvider',
  node_index: '60',
  input_type_shape: [{ float: [1, 28, 28, 1] }, { float: [32] }],
  output_type_shape: [{ float: [1, 28, 28, 32] }],
};

describe('a profile', () => {
  it('tells each node once, with the times of all its runs', () => {
    const [node, ...rest] = parseProfile(
      JSON.stringify([
        { cat: 'Session', dur: 5, name: 'model_run', args: {} },
        event('/0/Conv_token_1_kernel_time', 2_848, conv),
        event('/0/Conv_token_1_kernel_time', 848, conv),
        { cat: 'Api', dur: 1, name: 'Queue', args: {} },
      ]),
    );
    expect(rest).toEqual([]);
    expect(node).toEqual({
      name: '/0/Conv_token_1',
      operator: 'Conv',
      provider: 'WebGpuExecutionProvider',
      inputs: [
        { type: 'float', dims: [1, 28, 28, 1] },
        { type: 'float', dims: [32] },
      ],
      outputs: [{ type: 'float', dims: [1, 28, 28, 32] }],
      durationsMs: [2.848, 0.848],
    });
  });

  it('keeps nodes without names apart', () => {
    const nodes = parseProfile(
      JSON.stringify([
        event('_kernel_time', 1, { ...conv, node_index: '1' }),
        event('_kernel_time', 1, { ...conv, node_index: '2' }),
      ]),
    );
    expect(nodes).toHaveLength(2);
  });

  it('tells how many threads had something to do', () => {
    const stats = (...runs: number[]) => ({
      ...conv,
      thread_scheduling_stats: {
        main_thread: { thread_pool_name: 'intra-op', Run: 21 },
        sub_threads: Object.fromEntries(runs.map((num_run, id) => [`63${id}`, { num_run, core: 2 }])),
      },
    });
    const worked = (...runs: number[][]) =>
      threadsAtWork(JSON.stringify(runs.map((of) => event('a_kernel_time', 1, stats(...of)))));
    expect(worked([0, 0, 0])).toBe(1);
    expect(worked([0, 0, 0], [4, 0, 1])).toBe(3);
    expect(threadsAtWork(JSON.stringify([event('a_kernel_time', 1, conv)]))).toBe(1);
  });

  it('that was cut off is the machine’s failure', () => {
    expect(() => parseProfile('[{"cat": "Node"')).toThrow(MachineError);
    expect(() => parseProfile('{}')).toThrow(MachineError);
  });
});
