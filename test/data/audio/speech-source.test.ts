import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { defaultText } from '../../../src/config/defaults.js';
import { openDataset } from '../../../src/data/open.js';
import { collect, dataConfig, meta, temporaryFolder } from '../samples.js';
import { tone, wav } from './recordings.js';

const WAVEFORM = [meta('input_values', 'float32', ['batch', 'samples'])];

function folderWith(files: Record<string, string | Buffer>): string {
  const folder = temporaryFolder();
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

const A = wav(tone(440));
const texts = async (path: string) =>
  Object.fromEntries(
    (await collect(await openDataset(dataConfig(path), WAVEFORM))).map(({ id, annotation }) => [
      id,
      annotation,
    ]),
  );

describe('a folder of recordings', () => {
  it('has transcripts in a table, beside each file, or as LibriSpeech writes them', async () => {
    const expected = { kind: 'text', text: 'good dog' };
    expect(
      await texts(folderWith({ 'a.wav': A, 'metadata.csv': 'file_name,transcription\na.wav,good dog\n' })),
    ).toEqual({ 'a.wav': expected });
    expect(await texts(folderWith({ 'a.wav': A, 'a.txt': 'good dog\n' }))).toEqual({ 'a.wav': expected });
    const libri = folderWith({
      '19/198/19-198-0001.wav': A,
      '19/198/19-198.trans.txt': '19-198-0001 good dog\n',
    });
    expect(await texts(libri)).toEqual({ [join('19', '198', '19-198-0001.wav')]: expected });
  });

  it.each(['a.txt', 'a.trans.txt', 'metadata.csv'])('reads no %s that links out of it', async (name) => {
    const folder = folderWith({ 'data/a.wav': A, 'secret.txt': 'not for you' });
    symlinkSync(join(folder, 'secret.txt'), join(folder, 'data', name));
    await expect(texts(join(folder, 'data'))).rejects.toThrow(
      /links outside of .*only files inside it are read/,
    );
  });

  it('is an error when every transcript is empty', async () => {
    await expect(texts(folderWith({ 'a.wav': A, 'a.txt': '\n', 'b.wav': A, 'b.txt': '' }))).rejects.toThrow(
      'every transcript is empty',
    );
  });

  it('is fed as the model takes it: samples, or bands of a spectrogram', async () => {
    const folder = folderWith({ 'a.wav': A, 'a.txt': 'dog' });
    const dims = async (shape: (number | string)[], audio = {}) => {
      const data = dataConfig(folder, { audio: { features: null, samplingRate: null, ...audio } });
      const [sample] = await collect(await openDataset(data, [meta('x', 'float32', shape)]));
      return sample!.feeds.x!.dims;
    };
    expect(await dims(['batch', 'samples'])).toEqual([1, 4_000]);
    expect(await dims([1, 6_000])).toEqual([1, 6_000]);
    expect(await dims(['batch', 80, 100])).toEqual([1, 80, 100]);
    expect(await dims(['batch', 'frames', 80])).toEqual([1, 23, 80]);
    await expect(dims(['batch', 'a', 'b'])).rejects.toThrow(
      "doesn't tell what it takes of audio. Say it: `audio: { features: waveform }`",
    );
  });

  it('is normalized where that is asked for', async () => {
    const data = dataConfig(folderWith({ 'a.wav': A, 'a.txt': 'dog' }), {
      audio: { features: 'normalized', samplingRate: null },
    });
    const [sample] = await collect(await openDataset(data, WAVEFORM));
    const values = Array.from(sample!.feeds.input_values!.data as Float32Array);
    expect(values.reduce((sum, value) => sum + value ** 2, 0) / values.length).toBeCloseTo(1, 3);
  });

  it('at another rate is resampled, and that is told; so are empty transcripts', async () => {
    const folder = folderWith({
      'a.wav': wav(tone(440, { rate: 8_000 }), { rate: 8_000 }),
      'a.txt': 'dog',
      'b.wav': A,
      'b.txt': ' ',
    });
    const { warnings } = await openDataset(dataConfig(folder), WAVEFORM);
    expect(warnings).toEqual([
      '1 of 2 transcripts are empty: every word heard there counts as an error (b.wav).',
      '1 of 2 recordings are at 8000 Hz: they are resampled to 16000 Hz.',
    ]);
  });

  it('may be named by jsonl, inside of a folder that is named too', async () => {
    const folder = folderWith({
      'wavs/a.wav': A,
      'outside.wav': A,
      'tokens.txt': '<blk> 0\ng 1\n',
      'test.jsonl': '{"audio_filepath": "a.wav", "text": "good dog"}',
    });
    const text = { ...defaultText(join(folder, 'tokens.txt')), task: 'speech-recognition' as const };
    const opened = (changes = { images: join(folder, 'wavs') as string | null }) =>
      openDataset(dataConfig(join(folder, 'test.jsonl'), { text, ...changes }), WAVEFORM);
    const dataset = await opened();
    expect(dataset.classNames).toEqual(['<blk>', 'g']);
    expect((await collect(dataset))[0]!.annotation).toEqual({ kind: 'text', text: 'good dog' });
    await expect(opened({ images: null })).rejects.toThrow('say which folder they are in: `images: FOLDER`');
    writeFileSync(join(folder, 'test.jsonl'), '{"audio_filepath": "z.wav", "text": "good dog"}');
    await expect(opened()).rejects.toThrow(/names 1 recordings that are not in .*wavs: z.wav\./);
    writeFileSync(join(folder, 'test.jsonl'), '{"audio_filepath": "../outside.wav", "text": "good dog"}');
    await expect(opened()).rejects.toThrow('which lies outside of `images`');
  });

  it('with a file that is no recording is refused by its name', async () => {
    const folder = folderWith({ 'a.wav': Buffer.from('RIFF of nothing'), 'a.txt': 'dog' });
    await expect(openDataset(dataConfig(folder), WAVEFORM)).rejects.toThrow(/can't be decoded:\n {2}a.wav: /);
  });
});
