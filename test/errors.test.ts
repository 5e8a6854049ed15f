import { describe, expect, it } from 'vitest';
import { EXIT, exitCodeOf, Interrupted, MachineError, UserError, writeError } from '../src/errors.js';

describe('the exit code', () => {
  it('is that of the error’s kind, and a bug’s for everything else', () => {
    expect(exitCodeOf(new UserError('data.empty', ''))).toBe(EXIT.userError);
    expect(exitCodeOf(new MachineError('machine.no-room', ''))).toBe(EXIT.machineError);
    expect(exitCodeOf(new Interrupted(''))).toBe(EXIT.interrupted);
    expect(exitCodeOf(new TypeError(''))).toBe(EXIT.bug);
    expect(exitCodeOf('text')).toBe(EXIT.bug);
  });

  it('is the machine’s when the system has run out of room, files or memory, and not for other system errors', () => {
    const system = (code: string) => Object.assign(new Error(code), { code });
    for (const code of ['ENOSPC', 'EMFILE', 'ENOMEM'])
      expect(exitCodeOf(system(code)), code).toBe(EXIT.machineError);
    expect(exitCodeOf(system('ENOENT'))).toBe(EXIT.bug);
  });

  it('of a file that could not be written is the machine’s for rights and mounts, the user’s for a place that can’t be', () => {
    const code = (name: string) =>
      exitCodeOf(writeError('m', Object.assign(new Error(name), { code: name })));
    for (const name of ['EACCES', 'EPERM', 'EROFS', 'ENOSPC'])
      expect(code(name), name).toBe(EXIT.machineError);
    for (const name of ['ENOTDIR', 'EISDIR', 'ENOENT', 'ENAMETOOLONG'])
      expect(code(name), name).toBe(EXIT.userError);
  });
});
