/** What comes to light while samples are read and run, as notes of the evaluation. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Dataset } from '../../src/data/samples/dataset.js';
import { makeNode, makeValue } from '../../src/onnx/build.js';
import { writeModel } from '../../src/onnx/file/write.js';
import { DataType } from '../../src/onnx/tensor/element-type.js';
import { makeTensor } from '../../src/onnx/tensor/tensor.js';
import { scratch, smallModel } from '../quantize/small-models.js';
import { datasetOf } from './accuracy/models.js';
import { evaluatedFiles } from './evaluated-files.js';

/** Reads numbers from 0 to 3 as that class, a frame each. Its output's shape is not declared. */
const recognizer = () =>
  smallModel({
    inputs: [makeValue('x', DataType.FLOAT, [1, 'w', 1])],
    outputs: [makeValue('y', DataType.FLOAT)],
    nodes: [
      makeNode('Sub', ['x', 'classes'], ['away']),
      makeNode('Mul', ['away', 'away'], ['far']),
      makeNode('Neg', ['far'], ['y']),
    ],
    initializers: [makeTensor('classes', DataType.FLOAT, [4], Float32Array.of(0, 1, 2, 3))],
  });

const ALPHABET = ['', 'a', 'b', ' '];

function texts(...words: string[]): Dataset {
  const samples = words.map((text, at) => {
    const data = Float32Array.from(text, (symbol) => ALPHABET.indexOf(symbol));
    return {
      id: `${at}`,
      feeds: { x: { type: 'float32', dims: [1, data.length, 1], data } as const },
      label: null,
      annotation: { kind: 'text', text } as const,
    };
  });
  return { ...datasetOf(samples), labelled: true, lateWarnings: () => ['2 images are of another size.'] };
}

async function notes(keys: string): Promise<string[]> {
  using place = scratch();
  const [file, keyFile] = [join(place.directory, 'reader.onnx'), join(place.directory, 'keys.txt')];
  writeModel(recognizer(), file);
  writeFileSync(keyFile, keys);
  const found = await evaluatedFiles({
    files: { original: file },
    evaluation: texts('a b', 'ab', 'b a', 'bab', 'aba'),
    model: { task: 'text-recognition', keys: keyFile },
    directory: place.directory,
  });
  return found.notes.filter(({ code }) => code === 'data.odd').map(({ message }) => message);
}

it('a doubtful key file is told after the run, though the model declares no classes; so is what the data saw', async () => {
  expect(await notes('a\nb\n \n')).toEqual(['2 images are of another size.']);
  expect(await notes('a\nb\nx\n')).toEqual([
    '2 images are of another size.',
    expect.stringMatching(/^2 of 5 texts hold symbols that no line of `keys` stands for \(' '\)/),
  ]);
  expect(await notes('a\nb\n')).toEqual([
    '2 images are of another size.',
    expect.stringMatching(/^`keys` has 2 lines, the model 4 classes/),
  ]);
});
