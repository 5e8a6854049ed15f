/** Whether calibration samples tell anything at all: nothing but one number, again and again, is no data. */
import type { Feeds } from '../../tensor/tensor.js';
import type { QuantizeNote } from '../method/result.js';
import type { Observer } from '../observe/observer.js';

/** The one value that an input has held so far; null: it has held others, too. */
type Only = number | bigint | boolean | string | null;

export class ConstantInputsObserver implements Observer {
  readonly values = [];
  readonly #only = new Map<string, Only>();
  #elements = 0;

  add(_: unknown, feeds: Feeds): void {
    for (const [name, { data }] of Object.entries(feeds)) {
      this.#elements += data.length;
      if (this.#only.get(name) === null) continue;
      const only = this.#only.get(name) ?? (data[0] as Only | undefined);
      if (only === undefined) continue;
      this.#only.set(name, varies(data, only) ? null : only);
    }
  }

  /** Tells of samples in which no input ever varies: masks and kinds of tokens may be constant, the data are not. */
  notes(): QuantizeNote[] {
    const values = [...this.#only.values()];
    if (values.length === 0 || this.#elements <= values.length || values.includes(null)) return [];
    const held = [...new Set(values.map(String))].join(' and ');
    const message = `The calibration data tell nothing: every sample holds nothing but ${held}. The ranges fit no other data, which may be cut off to nothing: give real samples.`;
    return [{ level: 'warn', code: 'quantize.calibration-constant', message }];
  }
}

function varies(data: ArrayLike<unknown>, only: Only): boolean {
  for (let at = 0; at < data.length; at++) if (data[at] !== only) return true;
  return false;
}
