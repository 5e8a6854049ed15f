/** This process's memory as the Linux kernel accounts it. */
import { readFileSync } from 'node:fs';
import { MachineError } from '../../errors.js';
import type { MemoryReply } from './protocol.js';

/** VmHWM, RssAnon and RssFile of /proc/self/status, in bytes. Throws MachineError off Linux. */
export function readProcessMemory(): MemoryReply {
  let status: string;
  try {
    status = readFileSync('/proc/self/status', 'utf8');
  } catch {
    throw new MachineError(
      'measure.memory',
      'Memory is measured through /proc, which this system does not have.',
    );
  }
  return parseProcessStatus(status);
}

/** The same from the file's text (proc(5)). */
function parseProcessStatus(status: string): MemoryReply {
  const bytes = (key: string) => {
    const match = new RegExp(`^${key}:\\s+(\\d+) kB$`, 'm').exec(status);
    return match ? Number(match[1]) * 1024 : 0;
  };
  return { peakBytes: bytes('VmHWM'), anonymousBytes: bytes('RssAnon'), fileBytes: bytes('RssFile') };
}
