import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readCpuQuota, readMemoryLimit, readThrottledPeriods } from '../../src/machine/cgroup.js';
import { isolatedCpus, physicalCores } from '../../src/machine/cores.js';
import { disturbance, readMachineState } from '../../src/machine/machine.js';

const root = mkdtempSync(join(tmpdir(), 'quantgate-root-'));
afterAll(() => rmSync(root, { recursive: true }));

/** A tree of files as the kernel shows them. */
function tree(name: string, files: Record<string, string>): string {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name, path)), { recursive: true });
    writeFileSync(join(root, name, path), text);
  }
  return join(root, name);
}

describe('the container’s limits', () => {
  it('are read from cgroup version 2', () => {
    const group = tree('v2', {
      'cpu.max': '150000 100000\n',
      'memory.max': '536870912\n',
      'cpu.stat': 'usage_usec 1\nnr_periods 9\nnr_throttled 4\n',
    });
    expect(readCpuQuota(group)).toBe(1.5);
    expect(readMemoryLimit(group)).toBe(536870912);
    expect(readThrottledPeriods(group)).toBe(4);
  });

  it('are none where version 2 says max', () => {
    const group = tree('v2-free', { 'cpu.max': 'max 100000\n', 'memory.max': 'max\n' });
    expect(readCpuQuota(group)).toBeNull();
    expect(readMemoryLimit(group)).toBeNull();
  });

  it('are read from cgroup version 1', () => {
    const group = tree('v1', {
      'cpu/cpu.cfs_quota_us': '200000\n',
      'cpu/cpu.cfs_period_us': '100000\n',
      'memory/memory.limit_in_bytes': '9223372036854771712\n',
      'cpu/cpu.stat': 'nr_throttled 0\n',
    });
    expect(readCpuQuota(group)).toBe(2);
    expect(readMemoryLimit(group)).toBeNull();
    expect(readThrottledPeriods(group)).toBe(0);
  });

  it('are unknown where there are no cgroups', () => {
    expect(readCpuQuota(join(root, 'none'))).toBeNull();
    expect(readThrottledPeriods(join(root, 'none'))).toBeNull();
  });
});

it('counts physical cores, not threads', () => {
  const core = (physical: number, id: number) =>
    `processor\t: 0\nphysical id\t: ${physical}\ncore id\t\t: ${id}\n`;
  expect(physicalCores([core(0, 0), core(0, 1), core(0, 0), core(1, 0)].join('\n'))).toBe(3);
  expect(physicalCores('processor\t: 0\nFeatures\t: asimddp\n')).toBeNull();
});

it('knows the cores that are kept free for us', () => {
  expect(isolatedCpus('2-4,7\n')).toEqual([2, 3, 4, 7]);
  expect(isolatedCpus('\n')).toEqual([]);
  expect(isolatedCpus(null)).toEqual([]);
});

describe('the machine’s state', () => {
  const files = (cpu: string, self: string, mhz: number) => ({
    'proc/stat': `cpu  ${cpu}\ncpu0 ${cpu}\n`,
    'proc/self/stat': `77 (node (x) y) R 1 77 77 0 -1 0 0 0 0 0 ${self} 20 0\n`,
    'sys/devices/system/cpu/cpu0/cpufreq/scaling_governor': 'powersave\n',
    'sys/devices/system/cpu/cpu0/cpufreq/scaling_cur_freq': `${mhz * 1000}\n`,
  });

  it('is read as the kernel tells it', () => {
    const state = readMachineState(
      `${tree('before', files('100 0 50 800 0 0 0 10 0 0', '40 10 5 5', 3000))}/`,
    )!;
    expect(state).toMatchObject({
      busy: 150,
      stolen: 10,
      total: 960,
      own: 60,
      governor: 'powersave',
      frequenciesMHz: [3000],
    });
  });

  it('tells the load of others from our own between two moments', () => {
    const before = readMachineState(`${tree('a', files('100 0 50 800 0 0 0 10 0 0', '40 10 0 0', 3000))}/`)!;
    const after = readMachineState(`${tree('b', files('190 0 60 880 0 0 0 30 0 0', '80 20 0 0', 2000))}/`)!;
    // 200 jiffies passed: 100 busy, 50 of them ours; 20 stolen.
    expect(disturbance(before, after)).toEqual({ otherLoad: 0.25, stolen: 0.1, throttledPeriods: 0 });
  });

  it('is unknown where there is no /proc', () => {
    expect(readMachineState(`${join(root, 'nowhere')}/`)).toBeNull();
  });
});
