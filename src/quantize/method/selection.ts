/** Which nodes the user's `include`, `exclude` and `overrides` name: by node name, operator type, or a pattern with `*`. */
import type { NodeProto } from 'onnx-buf';
import type { OverrideConfig, QuantizeConfig } from '../../config/config.js';
import { matchesPattern } from '../../config/where.js';

export interface Selection {
  /** Why the user's options keep this node as it is; null when they don't. */
  reasonToKeep(node: NodeProto): string | null;
  /** `include` or a plan names what is quantized, whatever it costs. */
  isListed: boolean;
  /** Whether `exclude` or an override keeps the node float; false where `include` or a plan names what is quantized, whatever it costs. */
  isExcluded(node: NodeProto): boolean;
  /** The last override that names the node. */
  override(node: NodeProto): OverrideConfig | undefined;
  /** Patterns that have named no node so far: most likely a typing mistake. */
  unmatched(): string[];
}

export interface SelectionOptions extends Pick<QuantizeConfig, 'include' | 'exclude' | 'overrides'> {
  /** `include` comes from a plan, which names single operators: only texts with `*` are patterns. */
  includeNames?: boolean;
  /** What a repair leaves as it is: single operators, by what `nodeLabel` calls them or by a tensor that they make. */
  leftNames?: readonly string[];
  /** Of what is left so: those whose weights stay float32, too, for the outputs don't bear them in half. */
  exactNames?: readonly string[];
}

/** What the user keeps as it is, and of what a repair leaves only what must stay float32: the rest may be stored in half. */
export function halfSelection(options: SelectionOptions): Selection {
  return makeSelection({ ...options, leftNames: options.exactNames ?? [] });
}

/** What ONNX Runtime's preparation appends to the name of a MatMul that it joined with an Add. */
const FUSION_SUFFIX = /\/MatMulAddFusion(_\d+)?$/;

/** What a user calls a node: its name, or its first output where it has none. */
export function nodeLabel(node: NodeProto): string {
  return node.name.replace(FUSION_SUFFIX, '') || (node.output.find((name) => name !== '') ?? node.opType);
}

/** @param nodes of the model: what a pattern names is no typing mistake, even if the method has nothing to do with that operator. */
export function makeSelection(options: SelectionOptions, nodes: readonly NodeProto[] = []): Selection {
  const included = (text: string) =>
    options.includeNames && !text.includes('*') ? makeName(text) : makePattern(text);
  const include = options.include?.map(included) ?? null;
  const exclude = options.exclude.map(makePattern);
  const left = new Set(options.leftNames);
  const isLeft = (node: NodeProto) => left.size > 0 && namesOf(node).some((name) => left.has(name));
  const overrides = Object.entries(options.overrides).map(
    ([text, override]) => [makePattern(text), override] as const,
  );
  const all = [...(include ?? []), ...exclude, ...overrides.map(([pattern]) => pattern)];
  for (const pattern of all) pattern.used = nodes.some((node) => pattern.matches(node));
  const override = (node: NodeProto) => overrides.filter(([pattern]) => pattern.matches(node)).at(-1)?.[1];
  return {
    isListed: include !== null,
    override,
    isExcluded(node) {
      if (include !== null) return false;
      return (
        isLeft(node) ||
        exclude.some((pattern) => pattern.matches(node)) ||
        override(node)?.weight?.startsWith('float') === true
      );
    },
    reasonToKeep(node) {
      // Every list is asked, so that unmatched() knows of all patterns.
      const excluded = exclude.filter((pattern) => pattern.matches(node))[0];
      const isIncluded = include === null || include.filter((pattern) => pattern.matches(node)).length > 0;
      if (excluded) return excludedBy(excluded.text);
      if (isLeft(node)) return LEFT_BY_REPAIR;
      return isIncluded ? null : 'not among the included operators';
    },
    unmatched() {
      return all.filter((pattern) => !pattern.used).map((pattern) => pattern.text);
    },
  };
}

/** What is said of an operator that a pattern of `exclude` names. */
export function excludedBy(pattern: string): string {
  return `excluded by '${pattern}'`;
}

export const LEFT_BY_REPAIR = "it lost most, or can't run in the reduced type: the repair left it as it is";

/** What one operator may be called: preparation may have given its node another name, and left its outputs theirs. */
function namesOf(node: NodeProto): string[] {
  return [nodeLabel(node), node.name, ...node.output].filter((name) => name !== '');
}

interface Pattern {
  text: string;
  used: boolean;
  matches(node: NodeProto): boolean;
}

/** One operator by what a plan calls it: another's type, or the name of a tensor, may read the same. */
function makeName(text: string): Pattern {
  return asked(text, (node) => nodeLabel(node) === text);
}

function makePattern(text: string): Pattern {
  return asked(text, (node) =>
    [node.name, nodeLabel(node), node.opType, ...node.output].some(
      (name) => name !== '' && matchesPattern(name, text),
    ),
  );
}

/** Takes note of whether anything matched. */
function asked(text: string, test: (node: NodeProto) => boolean): Pattern {
  const pattern: Pattern = {
    text,
    used: false,
    matches(node) {
      const hit = test(node);
      if (hit) pattern.used = true;
      return hit;
    },
  };
  return pattern;
}
