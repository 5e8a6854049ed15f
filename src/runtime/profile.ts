/** ONNX Runtime's profile (Chrome trace JSON): which provider ran each node, on which types and shapes, for how long. */
import { MachineError, messageOf } from '../errors.js';

export interface ProfiledNode {
  name: string;
  operator: string;
  /** e.g. 'CPUExecutionProvider'. */
  provider: string;
  /** Element type and shape of each input and output present ('float', 'float16', 'uint8', 'int64' …, as ONNX Runtime names them). */
  inputs: ProfiledTensor[];
  outputs: ProfiledTensor[];
  /** Kernel time of each run, in order. On GPUs it is the host's share: good for placement, not for speed. */
  durationsMs: number[];
}

export interface ProfiledTensor {
  type: string;
  dims: number[];
}

interface TraceEvent {
  cat?: string;
  name?: string;
  dur?: number;
  args?: {
    provider?: string;
    op_name?: string;
    node_index?: string;
    input_type_shape?: Record<string, number[]>[];
    output_type_shape?: Record<string, number[]>[];
    thread_scheduling_stats?: { sub_threads?: Record<string, { num_run?: number }> };
  };
}

const KERNEL_SUFFIX = '_kernel_time';

/** Nodes in the order of their first run. Throws MachineError when the text is no profile. */
export function parseProfile(json: string): ProfiledNode[] {
  const nodes = new Map<string, ProfiledNode>();
  for (const { cat, name, dur, args } of eventsOf(json)) {
    if (cat !== 'Node' || !name?.endsWith(KERNEL_SUFFIX) || !args?.provider) continue;
    const node = name.slice(0, -KERNEL_SUFFIX.length);
    // Names may be empty or repeat; the index doesn't, but differs between subgraphs: both together.
    const key = `${args.node_index ?? ''} ${node}`;
    const known = nodes.get(key);
    if (known) {
      known.durationsMs.push((dur ?? 0) / 1000);
      continue;
    }
    nodes.set(key, {
      name: node,
      operator: args.op_name ?? '',
      provider: args.provider,
      inputs: tensors(args.input_type_shape),
      outputs: tensors(args.output_type_shape),
      durationsMs: [(dur ?? 0) / 1000],
    });
  }
  return [...nodes.values()];
}

/** Threads that computed something, with the session's own: ONNX Runtime counts what each thread of its pool ran. Throws as parseProfile does. */
export function threadsAtWork(json: string): number {
  const helpers = new Set<string>();
  for (const { args } of eventsOf(json)) {
    for (const [thread, { num_run = 0 }] of Object.entries(args?.thread_scheduling_stats?.sub_threads ?? {}))
      if (num_run > 0) helpers.add(thread);
  }
  return 1 + helpers.size;
}

function eventsOf(json: string): TraceEvent[] {
  try {
    const events = JSON.parse(json) as TraceEvent[];
    if (!Array.isArray(events)) throw new Error('not an array');
    return events;
  } catch (error) {
    throw new MachineError('runtime.profile', `ONNX Runtime's profile can't be read: ${messageOf(error)}`);
  }
}

function tensors(shapes: Record<string, number[]>[] | undefined): ProfiledTensor[] {
  return (shapes ?? []).map((entry) => {
    const [type = '', dims = []] = Object.entries(entry)[0] ?? [];
    return { type, dims };
  });
}
