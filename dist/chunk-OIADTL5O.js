import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  establishedResults,
  machineNamer,
  withRunners
} from "./chunk-LQIED5SV.js";
import {
  UserError
} from "./chunk-IYM25C4U.js";

// src/report/merge.ts
function mergeReports(reports, options = {}) {
  if (reports.length === 0)
    throw new UserError("There is no report to merge. Check the paths given as reports.");
  const missing = missingReports(reports.length, options);
  if (reports.length === 1 && missing.length === 0) return reports[0];
  const newest = [...reports].sort((a, b) => b.startedAt.localeCompare(a.startedAt));
  const environments = distinctEnvironments(reports);
  const several = environments.length > 1;
  const machineOf = machineNamer({ environment: environments[0], environments });
  const notes = new Notes();
  for (const report of reports) notes.add(...report.notes);
  const measurements = mergeFacts(newest, reports, {
    pick: (report) => report.measurements,
    key: (item) => item.metric,
    same: sameMeasurement,
    conflict: (item, environment) => notes.add(
      conflictNote(
        item,
        `${item.metric} was measured twice on machine ${machineOf(environment)} with different results`
      )
    ),
    several
  });
  const checks = mergeFacts(newest, reports, {
    pick: (report) => report.checks,
    key: (item) => `${item.check} ${item.condition}`,
    same: (a, b) => a.verdict === b.verdict && a.observed === b.observed && a.bound === b.bound,
    conflict: (item, environment) => notes.add(
      conflictNote(
        item,
        `${item.check} was judged twice on machine ${machineOf(environment)} with different results`
      )
    ),
    several
  });
  const models = mergeModels(reports, notes);
  const first = reports[0];
  const versions = new Set(reports.map((report) => report.tool.version));
  if (versions.size > 1) {
    notes.add(
      warning(
        "merge.versions",
        `The reports come from different quantgate versions: ${[...versions].join(", ")}.`
      )
    );
  }
  if (new Set(reports.map((report) => report.source?.sha ?? null)).size > 1) {
    notes.add(
      warning(
        "merge.commits",
        "The reports come from different commits: they may not describe the same change."
      )
    );
  } else if (new Set(reports.map((report) => report.source?.runId ?? null)).size > 1) {
    notes.add(
      warning(
        "merge.runs",
        "The reports come from different workflow runs: they may not have measured the same files."
      )
    );
  }
  return {
    schemaVersion: 1,
    tool: first.tool,
    startedAt: reports.map((report) => report.startedAt).sort()[0],
    durationMs: Math.max(...reports.map((report) => report.durationMs)),
    verdict: worstOverall([
      ...reports.map((report) => report.verdict),
      ...missing.length > 0 ? ["fail"] : []
    ]),
    environment: environments[0],
    models,
    measurements,
    checks: [...missing, ...checks],
    notes: notes.all(),
    thresholds: {
      ...first.thresholds,
      changed: reports.some((report) => report.thresholds.changed)
    },
    source: mergedSource(reports),
    ...several && { environments }
  };
}
function mergedSource(reports) {
  const found = reports.find(({ source: source2 }) => source2 !== null)?.source;
  if (!found) return null;
  const { changed: _, ...source } = found;
  const told = reports.map((report) => report.source?.changed);
  if (told.includes(true)) return { ...source, changed: true };
  return told.every((one) => one === false) ? { ...source, changed: false } : source;
}
function missingReports(found, { expected = [], count = null, names = [] }) {
  const there = new Set(names);
  const missing = [...new Set(expected)].filter((name) => !there.has(name));
  const messages = [
    ...missing.map(
      (name) => `No report came from ${name}: what it should have checked is not in this report.`
    ),
    ...count !== null && found < count ? [`${found} of ${count} expected reports are here: ${names.join(", ")}.`] : []
  ];
  if (messages.length === 0) return [];
  const remedy = "Look into the jobs that should have measured, and run them again.";
  return establishedResults([{ name: "reports", level: "error", message: messages.join(" "), remedy }]);
}
function worstOverall(verdicts) {
  return ["fail", "warn"].find((verdict) => verdicts.includes(verdict)) ?? "pass";
}
function distinctEnvironments(reports) {
  const machines = /* @__PURE__ */ new Map();
  for (const report of reports) {
    for (const environment of report.environments ?? [report.environment]) {
      const { fingerprint, runner } = environment;
      const known = machines.get(fingerprint) ?? { environment, runners: /* @__PURE__ */ new Set() };
      machines.set(fingerprint, known);
      if (runner) known.runners.add(runner);
    }
  }
  return [...machines.values()].map(({ environment, runners }) => withRunners(environment, [...runners]));
}
function mergeFacts(newest, reports, merge) {
  const keyOf = (item) => JSON.stringify([
    item.model,
    item.variant,
    item.provider,
    item.batch,
    item.threads,
    item.concurrency,
    merge.key(item)
  ]);
  const winners = /* @__PURE__ */ new Map();
  for (const report of newest) {
    const inThisReport = /* @__PURE__ */ new Set();
    for (const item of merge.pick(report)) {
      const key = keyOf(item);
      const environment = item.environment ?? report.environment.fingerprint;
      const perMachine2 = winners.get(key) ?? /* @__PURE__ */ new Map();
      winners.set(key, perMachine2);
      const winner = perMachine2.get(environment);
      const place = `${environment} ${key}`;
      if (winner === void 0) perMachine2.set(environment, item);
      else if (!inThisReport.has(place) && !merge.same(winner, item)) merge.conflict(winner, environment);
      inThisReport.add(place);
    }
  }
  const merged = [];
  const told = /* @__PURE__ */ new Set();
  for (const report of reports) {
    for (const item of merge.pick(report)) {
      const key = keyOf(item);
      if (told.has(key)) continue;
      told.add(key);
      merged.push(...perMachine(winners.get(key), merge));
    }
  }
  return merged;
}
function perMachine(machines, merge) {
  const items = [...machines];
  const [, first] = items[0];
  const general = first.provider === null && items.every(([, item]) => merge.same(first, item));
  if (!merge.several || general) return [withoutEnvironment(first)];
  return items.map(([environment, item]) => ({ ...item, environment }));
}
function withoutEnvironment(item) {
  const { environment: _, ...rest } = item;
  return rest;
}
function sameMeasurement(a, b) {
  return a.status === b.status && a.value === b.value && a.unit === b.unit;
}
function mergeModels(reports, notes) {
  const models = /* @__PURE__ */ new Map();
  for (const report of reports) {
    for (const model of report.models) {
      const known = models.get(model.name);
      if (!known) {
        models.set(model.name, model);
        continue;
      }
      if (known.sha256 !== model.sha256) {
        notes.add({
          ...warning(
            "merge.model",
            "The reports measured different files under this name: their figures must not be compared."
          ),
          model: model.name
        });
      }
      models.set(model.name, { ...known, variants: mergeVariants(known, model, notes) });
    }
  }
  return [...models.values()];
}
function mergeVariants(known, other, notes) {
  const keyOf = ({ name, target }) => JSON.stringify([name, target]);
  const variants = new Map(known.variants.map((variant) => [keyOf(variant), variant]));
  for (const variant of other.variants) {
    const same = variants.get(keyOf(variant));
    if (!same) {
      variants.set(keyOf(variant), variant);
      continue;
    }
    if (same.sha256 !== variant.sha256) {
      notes.add({
        ...warning(
          "merge.variant",
          "The reports made different files of this variant (another target, runtime or calibration set); each was measured by its own run."
        ),
        model: known.name,
        variant: variant.name
      });
    }
    if (same.status === "ok" && variant.status === "failed") variants.set(keyOf(variant), variant);
  }
  return [...variants.values()];
}
function warning(code, message) {
  return { level: "warn", code, message, model: null, variant: null };
}
function conflictNote(item, what) {
  return {
    ...warning("merge.conflict", `${what}; the newest run counts.`),
    model: item.model,
    variant: item.variant
  };
}
var Notes = class {
  notes = /* @__PURE__ */ new Map();
  add(...notes) {
    for (const note of notes) this.notes.set(JSON.stringify(note), note);
  }
  all() {
    return [...this.notes.values()];
  }
};

export {
  mergeReports
};
