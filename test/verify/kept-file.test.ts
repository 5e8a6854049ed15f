import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { KeptFile } from '../../src/verify/kept-file.js';
import { scratch } from '../quantize/small-models.js';

describe('a file that is put aside', () => {
  it('comes back as it was, with what belongs to it, in the place of others', () => {
    using place = scratch();
    const file = join(place.directory, 'model.onnx');
    const kept = new KeptFile(file, ['.data']);
    writeFileSync(file, 'first');
    writeFileSync(`${file}.data`, 'weights');
    kept.keep();
    expect(existsSync(file)).toBe(false);
    writeFileSync(file, 'second');
    kept.keep();
    kept.restore();
    expect(readFileSync(file, 'utf8')).toBe('first');
    expect(readFileSync(`${file}.data`, 'utf8')).toBe('weights');
    expect(readdirSync(place.directory).sort()).toEqual(['model.onnx', 'model.onnx.data']);
  });

  it('leaves no data of a file that has none', () => {
    using place = scratch();
    const file = join(place.directory, 'model.onnx');
    const kept = new KeptFile(file, ['.data']);
    writeFileSync(file, 'first');
    kept.keep();
    writeFileSync(file, 'second');
    writeFileSync(`${file}.data`, 'weights of the second');
    kept.restore();
    expect(readdirSync(place.directory)).toEqual(['model.onnx']);
  });

  it('is gone where another one stays', () => {
    using place = scratch();
    const file = join(place.directory, 'model.onnx');
    const kept = new KeptFile(file, []);
    writeFileSync(file, 'first');
    kept.keep();
    writeFileSync(file, 'second');
    kept.forget();
    expect(readdirSync(place.directory)).toEqual(['model.onnx']);
    expect(readFileSync(file, 'utf8')).toBe('second');
  });
});
