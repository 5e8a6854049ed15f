/** Power spectra of frames, and banks of mel filters. */

/** |DFT|² of frames of one length, by Bluestein-free direct sums where the length is no power of two: the frames are short. */
export class PowerSpectrum {
  readonly #cosines: Float64Array;
  readonly #sines: Float64Array;
  readonly bins: number;

  constructor(readonly size: number) {
    this.bins = size / 2 + 1;
    this.#cosines = Float64Array.from({ length: size }, (_, at) => Math.cos((2 * Math.PI * at) / size));
    this.#sines = Float64Array.from({ length: size }, (_, at) => Math.sin((2 * Math.PI * at) / size));
  }

  /** `frame` may be shorter: the rest is 0. */
  of(frame: Float64Array): Float64Array {
    const power = new Float64Array(this.bins);
    if (frame.every((value) => value === 0)) return power;
    for (let bin = 0; bin < this.bins; bin++) {
      let real = 0;
      let imaginary = 0;
      for (let at = 0, phase = 0; at < frame.length; at++) {
        real += frame[at]! * this.#cosines[phase]!;
        imaginary -= frame[at]! * this.#sines[phase]!;
        phase += bin;
        if (phase >= this.size) phase -= this.size;
      }
      power[bin] = real * real + imaginary * imaginary;
    }
    return power;
  }
}

/** A scale of pitch: slaney's (Auditory Toolbox, 1998; linear to 1 kHz) or HTK's (2595 log₁₀(1 + f ÷ 700)). */
export type MelScale = 'slaney' | 'htk';

const SLANEY_STEP = 200 / 3;
const SLANEY_KNEE = 1000;
const SLANEY_LOG = Math.log(6.4) / 27;

export function melOf(hertz: number, scale: MelScale): number {
  if (scale === 'htk') return 1127 * Math.log(1 + hertz / 700);
  return hertz < SLANEY_KNEE
    ? hertz / SLANEY_STEP
    : SLANEY_KNEE / SLANEY_STEP + Math.log(hertz / SLANEY_KNEE) / SLANEY_LOG;
}

export function hertzOf(mel: number, scale: MelScale): number {
  if (scale === 'htk') return 700 * (Math.exp(mel / 1127) - 1);
  const knee = SLANEY_KNEE / SLANEY_STEP;
  return mel < knee ? mel * SLANEY_STEP : SLANEY_KNEE * Math.exp(SLANEY_LOG * (mel - knee));
}

export interface MelBank {
  filters: number;
  /** Bins of the spectrum. */
  bins: number;
  /** [filters, bins]. */
  weights: Float64Array;
}

/** The filters' sums of a spectrum. */
export function melEnergies(power: Float64Array, { filters, bins, weights }: MelBank): Float64Array {
  const energies = new Float64Array(filters);
  for (let filter = 0; filter < filters; filter++) {
    let sum = 0;
    for (let bin = 0; bin < bins; bin++) sum += weights[filter * bins + bin]! * power[bin]!;
    energies[filter] = sum;
  }
  return energies;
}
