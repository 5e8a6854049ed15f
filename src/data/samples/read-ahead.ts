/** Work on a sequence in parallel, a bounded number of items ahead, results in order. */

/** Yields `work(item)` for each item in order, with at most `ahead` of them under way or waiting. */
export async function* readAhead<Item, Result>(
  items: Iterable<Item>,
  ahead: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const waiting: Promise<Result>[] = [];
  for (const item of items) {
    const started = work(item);
    // A rejection is thrown when its turn comes; until then it must not count as unhandled.
    started.catch(() => {});
    waiting.push(started);
    if (waiting.length >= ahead) yield await waiting.shift()!;
  }
  while (waiting.length > 0) yield await waiting.shift()!;
}
