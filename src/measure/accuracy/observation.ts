/** What one model did on all samples: kept scores, values that can't be used, closeness to the original, or why it failed. */
import type { Sample } from '../../data/samples/dataset.js';
import { attended } from '../../tensor/attended.js';
import type { Feeds, Tensor } from '../../tensor/tensor.js';
import type { ValueMeta } from '../../tensor/value-meta.js';
import { countNonFinite, NonFiniteLog } from '../fidelity/non-finite.js';
import { type ClassAxis, OutputFidelity } from '../fidelity/output-fidelity.js';
import type { Answer, AnswerTexts } from './answers/answer-text.js';
import type { Runner } from './runner.js';
import type { Metric } from './tasks/metric.js';

/** What is the same for all models of a pass. */
export interface PassPlan {
  metrics: readonly Metric[];
  scored: ValueMeta;
  /** Names of the tensor outputs that are computed. */
  outputs: readonly string[];
  classAxis: ClassAxis;
  /** Outputs may have other shapes than the original's: then they are not compared, value by value. */
  varying?: boolean;
  /** What is kept of the original besides, of each sample. */
  witness?: ((sample: Sample, output: Tensor, outputs: Feeds) => ArrayLike<number>) | undefined;
  /** How answers are told; absent or null: nobody asks. */
  texts?: AnswerTexts | null;
}

export class Observation {
  /** Of the samples that were scored, in their order. */
  readonly ids: string[] = [];
  /** By metric name, one entry per sample. */
  readonly kept = new Map<string, ArrayLike<number>[]>();
  /** By output name. */
  readonly fidelity = new Map<string, OutputFidelity>();
  /** By sample, of the original: what the plan's witness kept. */
  readonly witnessed: ArrayLike<number>[] = [];
  /** By sample, where the plan has texts. */
  readonly answers: Answer[] = [];
  /** Of the original: what each sample should come out as. */
  readonly labels: string[] = [];
  /** An output had another shape than the original's, and may have: it was not compared. */
  varied = false;
  readonly nonFinite = new NonFiniteLog();
  /** Entries of the scored output's last axis, as they came out: the model need not declare them. */
  classes: number | null = null;
  /** Why the model took no further part. */
  failure: string | null = null;

  constructor(
    readonly runner: Runner,
    private readonly plan: PassPlan,
  ) {
    for (const { name } of plan.metrics) this.kept.set(name, []);
    const missing = plan.outputs.filter((name) => !runner.outputs.some((output) => output.name === name));
    if (missing.length > 0) {
      this.failure =
        `its outputs are ${runner.outputs.map(({ name }) => `'${name}'`).join(', ')}; the original's ` +
        `${missing.map((name) => `'${name}'`).join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing`;
    }
  }

  /** `original` is null when this is the original itself. */
  add(sample: Sample, outputs: Feeds, original: Feeds | null): void {
    for (const name of this.plan.outputs) {
      const output = outputs[name]!;
      const own = original?.[name] ?? null;
      const comparable = own === null || sameShape(output, own);
      const reference = comparable ? own : null;
      if (!comparable && this.plan.varying !== true) {
        this.failure =
          `output '${name}' has shape [${output.dims.join(', ')}] for sample ${sample.id}, ` +
          `but [${own.dims.join(', ')}] in the original`;
        return;
      }
      if (!comparable) this.varied = true;
      const bad = countNonFinite(output, reference);
      if (bad > 0) this.nonFinite.add(sample.id, name, bad);
      else if (reference) this.fidelityOf(name).add(reference, output, attended(output, sample.feeds));
    }
    if (!this.nonFinite.isEmpty) return;
    this.ids.push(sample.id);
    this.classes ??= outputs[this.plan.scored.name]!.dims.at(-1) ?? null;
    for (const metric of this.plan.metrics) {
      this.kept.get(metric.name)!.push(metric.keep(sample, outputs[this.plan.scored.name]!, outputs));
    }
    if (original === null && this.plan.witness) {
      this.witnessed.push(this.plan.witness(sample, outputs[this.plan.scored.name]!, outputs));
    }
    const { texts } = this.plan;
    if (texts) this.tell(sample, outputs, texts, { isOriginal: original === null });
  }

  private tell(
    sample: Sample,
    outputs: Feeds,
    texts: AnswerTexts,
    { isOriginal }: { isOriginal: boolean },
  ): void {
    const scored = outputs[this.plan.scored.name]!;
    this.answers.push(texts.answer(sample, scored, outputs));
    if (isOriginal) this.labels.push(texts.label(sample, scored, outputs));
  }

  /** Why the model has no valid figures; null when it has. */
  invalid(samples: number): string | null {
    if (this.failure !== null) return this.failure;
    return this.nonFinite.isEmpty ? null : this.nonFinite.describe(samples);
  }

  private fidelityOf(output: string): OutputFidelity {
    let fidelity = this.fidelity.get(output);
    if (!fidelity) {
      fidelity = new OutputFidelity(this.plan.classAxis);
      this.fidelity.set(output, fidelity);
    }
    return fidelity;
  }
}

function sameShape(one: Tensor, other: Tensor): boolean {
  return one.dims.length === other.dims.length && one.dims.every((dim, axis) => dim === other.dims[axis]);
}
