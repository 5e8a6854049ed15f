/** Preparation of files' bytes and of written speech. */
import { readFileSync } from 'node:fs';
import { packageFile } from './fetch.js';
import type { PackageName } from './packages.js';
import { floats, type MakeSamples, tensor } from './samples.js';

/** Files of many kinds, out of the packages that pictures and speech come from. */
const FILES: readonly (readonly [PackageName, string])[] = [
  ['pyannote.audio', 'pyannote_audio-4.0.7.dist-info/licenses/LICENSE'],
  ['scikit-image', 'skimage/feature/template.py'],
  ['scikit-image', 'skimage/data/multipage_rgb.tif'],
  ['scikit-image', 'scikit_image-0.26.0.dist-info/RECORD'],
  ['scikit-image', 'skimage/data/multipage.tif'],
  ['scikit-learn', 'sklearn/datasets/tests/data/openml/id_62/api-v1-jdq-62.json.gz'],
  ['scikit-learn', 'sklearn/metrics/_dist_metrics.pyx.tp'],
  ['scikit-learn', 'sklearn/neighbors/_binary_tree.pxi.tp'],
  ['scikit-image', 'skimage/data/phantom.png'],
  ['scikit-learn', 'sklearn/cluster/_hierarchical_fast.cpython-311-x86_64-linux-gnu.so'],
  ['scikit-learn', 'sklearn/datasets/images/flower.jpg'],
  ['scikit-learn', 'sklearn/datasets/data/iris.csv'],
  ['scikit-image', 'skimage/data/motorcycle_disp.npz'],
  ['scikit-image', 'skimage/graph/__init__.py'],
  ['ultralytics', 'ultralytics/cfg/models/v8/yolov8-p2.yaml'],
  ['scikit-image', 'skimage/data/no_time_for_that_tiny.gif'],
  ['scikit-learn', 'sklearn/utils/_repr_html/estimator.js'],
  ['scikit-learn', 'sklearn/utils/_cython_blas.pxd'],
  ['scikit-learn', 'sklearn/svm/_liblinear.pyx'],
  ['scikit-learn', 'sklearn/datasets/images/china.jpg'],
  ['ultralytics', 'ultralytics-8.4.190.dist-info/METADATA'],
  ['scikit-learn', 'sklearn/tree/_tree.pxd'],
  ['scikit-learn', 'sklearn/datasets/images/README.txt'],
  ['scikit-learn', 'sklearn/tree/_criterion.cpython-311-x86_64-linux-gnu.so'],
  ['scikit-learn', 'sklearn/svm/_liblinear.pxi'],
  ['scikit-image', 'skimage/graph/__init__.pyi'],
  ['scikit-learn', 'sklearn/covariance/tests/test_elliptic_envelope.py'],
  ['ultralytics', 'ultralytics/utils/files.py'],
  ['scikit-image', 'skimage/data/retina.jpg'],
  ['scikit-image', 'skimage/morphology/_grayreconstruct.cpython-311-x86_64-linux-gnu.so'],
  ['scikit-learn', 'sklearn/externals/array_api_extra/_lib/_compat.pyi'],
  ['pyannote.audio', 'pyannote/audio/sample/sample.stm'],
  ['scikit-image', 'skimage/feature/orb_descriptor_positions.txt'],
  ['scikit-image', 'skimage/data/chelsea.png'],
  ['ultralytics', 'ultralytics/cfg/datasets/depth-arkitscenes.yaml'],
  ['scikit-learn', 'sklearn/utils/tests/test_array_api.py'],
  ['scikit-image', 'skimage/morphology/disk_decompositions.npy'],
  ['scikit-learn', 'sklearn/externals/array_api_extra/_lib/_typing.pyi'],
  ['scikit-learn', 'sklearn/svm/src/libsvm/svm.cpp'],
  ['scikit-learn', 'sklearn/utils/src/MurmurHash3.h'],
  ['scikit-learn', 'scikit_learn.libs/libgomp-e985bcbb.so.1.0.0'],
  ['ultralytics', 'ultralytics-8.4.190.dist-info/licenses/LICENSE'],
  ['ultralytics', 'ultralytics/models/yolo/pose/val.py'],
  ['scikit-learn', 'sklearn/utils/_repr_html/features.css'],
  ['scikit-learn', 'sklearn/svm/src/liblinear/COPYRIGHT'],
  ['pyannote.audio', 'pyannote/audio/augmentation/registry.py'],
  ['ultralytics', 'ultralytics/solutions/templates/similarity-search.html'],
  ['pyannote.audio', 'pyannote/audio/sample/sample.rttm'],
  ['ultralytics', 'ultralytics/data/scripts/get_imagenet.sh'],
  ['pyannote.audio', 'pyannote/audio/sample/sample.wav'],
  ['scikit-image', 'skimage/restoration/_inpaint.cpython-311-x86_64-linux-gnu.so'],
  ['scikit-image', 'skimage/feature/_basic_features.py'],
  ['scikit-learn', 'sklearn/datasets/tests/data/openml/id_42074/api-v1-jdq-42074.json.gz'],
  ['scikit-image', 'scikit_image-0.26.0.dist-info/METADATA'],
  ['ultralytics', 'ultralytics/cfg/datasets/GlobalWheat2020.yaml'],
  ['ultralytics', 'ultralytics/solutions/solutions.py'],
  ['scikit-learn', 'sklearn/datasets/descr/california_housing.rst'],
  ['scikit-learn', 'sklearn/datasets/data/linnerud_exercise.csv'],
  ['ultralytics', 'ultralytics/assets/bus.jpg'],
  ['scikit-image', 'skimage/data/hubble_deep_field.jpg'],
  ['scikit-image', 'skimage/_shared/fast_exp.h'],
  ['scikit-learn', 'sklearn/externals/README'],
  ['pyannote.audio', 'pyannote/audio/utils/multi_task.py'],
  ['pyannote.audio', 'pyannote/audio/models/embedding/wespeaker/LICENSE.WeSpeaker'],
  ['ultralytics', 'ultralytics/assets/zidane.jpg'],
  ['scikit-learn', 'sklearn/preprocessing/_target_encoder_fast.pyx'],
  ['scikit-learn', 'sklearn/neural_network/_base.py'],
  ['pyannote.audio', 'pyannote_audio-4.0.7.dist-info/RECORD'],
  ['scikit-learn', 'sklearn/svm/src/liblinear/liblinear_helper.c'],
  ['scikit-learn', 'sklearn/svm/_libsvm.pxi'],
  ['scikit-learn', 'sklearn/svm/meson.build'],
  ['pyannote.audio', 'pyannote/audio/sample/__init__.py'],
  ['scikit-learn', 'sklearn/datasets/tests/data/svmlight_classification.txt'],
  ['scikit-learn', 'sklearn/utils/src/MurmurHash3.cpp'],
  ['scikit-image', 'scikit_image-0.26.0.dist-info/LICENSE.txt'],
];

/** Bytes from the beginning and from the end that magika looks at, and what stands where a file has none. */
const MAGIKA = { beginning: 1024, end: 1024, block: 4096, padding: 256 } as const;
const WHITE = new Set([...' \t\n\r\v\f'].map((character) => character.charCodeAt(0)));

export const fileBytes: MakeSamples = async function* ({ cache }) {
  for (const [name, member] of FILES)
    yield {
      bytes: tensor('int32', [1, 2048], magikaBytes(readFileSync(await packageFile(name, member, cache)))),
    };
};

export function magikaBytes(file: Uint8Array): Int32Array {
  const first = file.subarray(0, MAGIKA.block);
  const last = file.subarray(Math.max(0, file.length - MAGIKA.block));
  const from = first.findIndex((byte) => !WHITE.has(byte));
  const beginning = from < 0 ? first.subarray(0, 0) : first.subarray(from, from + MAGIKA.beginning);
  let till = last.length;
  while (till > 0 && WHITE.has(last[till - 1]!)) till--;
  const end = last.subarray(Math.max(0, till - MAGIKA.end), till);
  const bytes = new Int32Array(MAGIKA.beginning + MAGIKA.end).fill(MAGIKA.padding);
  bytes.set(beginning, 0);
  bytes.set(end, bytes.length - end.length);
  return bytes;
}

/** Sentences as espeak writes them for American English. */
const SENTENCES = [
  'ðə kwˈɪk bɹˈaʊn fˈɑːks dʒˈʌmps ˌoʊvɚ ðə lˈeɪzi dˈɑːɡ.',
  'ʃiː sˈɛlz sˈiːʃɛlz baɪ ðə sˈiːʃoːɹ.',
  'ðə ɹˈeɪn ɪn spˈeɪn stˈeɪz mˈeɪnli ɪnðə plˈeɪn.',
  'haʊ mˈʌtʃ wˈʊd wʊd ɐ wˈʊdtʃʌk tʃˈʌk?',
  'aɪ θˈɪŋk ðɛɹfˌoːɹ aɪ ˈæm.',
  'ɔːl ðæt ɡlˈɪɾɚz ɪz nˌɑːt ɡˈoʊld.',
  'tə bˈiː ɔːɹ nˌɑːt tə bˈiː, ðæt ɪz ðə kwˈɛstʃən.',
  'ɐ dʒˈɜːni əv ɐ θˈaʊzənd mˈaɪlz bᵻɡˈɪnz wɪð ɐ sˈɪŋɡəl stˈɛp.',
  'ðə ˈɜːli bˈɜːd kˈætʃᵻz ðə wˈɜːm.',
  'ɐ pˈɪktʃɚ ɪz wˈɜːθ ɐ θˈaʊzənd wˈɜːdz.',
  'ðə pˈɛn ɪz mˈaɪɾiɚ ðɐn ðə sˈoːɹd.',
  'wɛn ɪn ɹˈoʊm, dˈuː æz ðə ɹˈoʊmənz dˈuː.',
  'ðə sˈʌn ʃˈoʊn bɹˈaɪtli ˌɔn ðə wˈɔːɾɚ.',
  'plˈiːz tˈɜːn ˈɔf ðə lˈaɪts wɛn juː lˈiːv.',
  'wiː wɪl mˈiːt æt ðə stˈeɪʃən æt nˈuːn.',
] as const;

/** Numbers of the voice's phonemes: its own table, in order from 14 on, and the marks before it. */
const MARKS = " !'(),-.:;?";
const PHONEMES =
  'abcdefhijklmnopqrstuvwxyzæçðøħŋœǀǁǂǃɐɑɒɓɔɕɖɗɘəɚɛɜɞɟɠɡɢɣɤɥɦɧɨɪɫɬɭɮɯɰɱɲɳɴɵɶɸɹɺɻɽɾʀʁʂʃʄʈʉʊʋʌʍʎʏʐʑʒʔʕʘʙʛʜʝʟʡʢʲˈˌːˑ˞βθχᵻ';
const [PAD, BEGIN, END] = [0, 1, 2];

export function phonemeIds(sentence: string): number[] {
  const ids: number[] = [BEGIN, PAD];
  for (const phoneme of sentence) {
    const [mark, letter] = [MARKS.indexOf(phoneme), PHONEMES.indexOf(phoneme)];
    if (mark < 0 && letter < 0) continue;
    ids.push(letter < 0 ? 3 + mark : 14 + letter, PAD);
  }
  return [...ids, END];
}

/** Without noise, so that the same input gives the same speech. */
export const phonemes: MakeSamples = async function* () {
  for (const sentence of SENTENCES) {
    const ids = phonemeIds(sentence);
    yield {
      input: tensor('int64', [1, ids.length], BigInt64Array.from(ids, BigInt)),
      input_lengths: tensor('int64', [1], BigInt64Array.of(BigInt(ids.length))),
      scales: floats([3], Float32Array.of(0, 1, 0)),
    };
  }
};
