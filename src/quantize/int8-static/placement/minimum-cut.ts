/** Minimum cut of a directed network by shortest augmenting paths (Edmonds and Karp, 1972; with Dinic's levels). */

interface Edge {
  to: number;
  capacity: number;
  /** Index of the reverse edge in the target's list. */
  reverse: number;
}

export class Network {
  readonly source = 0;
  readonly sink = 1;
  readonly #edges: Edge[][] = [[], []];

  addNode(): number {
    return this.#edges.push([]) - 1;
  }

  /** Cutting the edge (its start on the source's side, its end on the sink's) costs `capacity`. */
  addEdge(from: number, to: number, capacity: number): void {
    if (capacity <= 0) return;
    const forward = this.#edges[from]!;
    const backward = this.#edges[to]!;
    forward.push({ to, capacity, reverse: backward.length });
    backward.push({ to: from, capacity: 0, reverse: forward.length - 1 });
  }

  /** Nodes on the source's side of a minimum cut: the smallest such set. Uses the capacities up. */
  sourceSide(): Set<number> {
    for (let levels = this.#levels(); levels[this.sink]! >= 0; levels = this.#levels()) {
      const next = new Int32Array(this.#edges.length);
      while (this.#augment(levels, next) > 0);
    }
    const levels = this.#levels();
    return new Set([...this.#edges.keys()].filter((node) => levels[node]! >= 0));
  }

  #levels(): Int32Array {
    const levels = new Int32Array(this.#edges.length).fill(-1);
    levels[this.source] = 0;
    const queue = [this.source];
    for (const node of queue) {
      for (const { to, capacity } of this.#edges[node]!) {
        if (capacity <= EPSILON || levels[to]! >= 0) continue;
        levels[to] = levels[node]! + 1;
        queue.push(to);
      }
    }
    return levels;
  }

  /** Pushes flow along one path of the level graph; 0 when there is none left. No recursion: graphs are deep. */
  #augment(levels: Int32Array, next: Int32Array): number {
    const path: Edge[] = [];
    let node = this.source;
    while (node !== this.sink) {
      const edges = this.#edges[node]!;
      while (next[node]! < edges.length) {
        const { to, capacity } = edges[next[node]!]!;
        if (capacity > EPSILON && levels[to] === levels[node]! + 1) break;
        next[node]!++;
      }
      const edge = edges[next[node]!];
      if (edge) {
        path.push(edge);
        node = edge.to;
      } else {
        const back = path.pop();
        if (!back) return 0;
        node = this.#edges[back.to]![back.reverse]!.to;
        next[node]!++;
      }
    }
    const flow = Math.min(...path.map((edge) => edge.capacity));
    for (const edge of path) {
      edge.capacity -= flow;
      this.#edges[edge.to]![edge.reverse]!.capacity += flow;
    }
    return flow;
  }
}

/** Capacities are microseconds: less than this is rounding. */
const EPSILON = 1e-9;
