/** Band-limited resampling (Smith, “Digital Audio Resampling”, 2002): a sinc under a Hann window, as wide as the lower of both rates asks. */

/** Zero crossings of the sinc on each side. */
const CROSSINGS = 32;
/** Share of the band that is kept, so that the filter's slope lies within it. */
const ROLLOFF = 0.95;

/** Sample 0 stays sample 0: nothing is shifted or stretched. Before the first sample and after the last there is silence. */
export function resampled(samples: Float64Array, from: number, to: number): Float32Array {
  const cutoff = Math.min(1, to / from) * ROLLOFF;
  const reach = CROSSINGS / cutoff;
  const length = Math.round((samples.length * to) / from);
  const result = new Float32Array(length);
  for (let at = 0; at < length; at++) {
    const centre = (at * from) / to;
    const first = Math.max(0, Math.ceil(centre - reach));
    const last = Math.min(samples.length - 1, Math.floor(centre + reach));
    let sum = 0;
    for (let place = first; place <= last; place++) {
      const distance = place - centre;
      const window = 0.5 + 0.5 * Math.cos((Math.PI * distance) / reach);
      sum += samples[place]! * window * sinc(distance * cutoff);
    }
    result[at] = sum * cutoff;
  }
  return result;
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}
