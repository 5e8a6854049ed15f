/** Tensors that wait in a file: what is read a few times in a search would take memory from the files that are made meanwhile. */
import { FeedsFile, FeedsReader } from '../../runtime/worker/feeds-file.js';
import type { Feeds } from '../../tensor/tensor.js';

/** Gives the tensors, each time a copy of its own. */
export type Kept = () => Feeds;

export class LaidAside {
  readonly #file = FeedsFile.open(null);

  /** Strings, and what the temporary folder has no room for, stay in memory. */
  keep(feeds: Feeds): Kept {
    const stored = this.#file.store(feeds);
    if (!stored) return () => feeds;
    return () => new FeedsReader(this.#file.descriptor).read(stored);
  }

  close(): void {
    this.#file.close();
  }
}

/** What is laid aside can be read until `use` has ended. */
export async function withAside<T>(use: (aside: LaidAside) => Promise<T>): Promise<T> {
  const aside = new LaidAside();
  try {
    return await use(aside);
  } finally {
    aside.close();
  }
}
