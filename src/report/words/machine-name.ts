/** What a report calls the machines that measured: by the names of their runners. Fingerprints are for comparing, not for reading. */

import type { Environment, Report } from '../../terms/report.js';
import { plainText } from './escape.js';
import { countOf } from './format.js';

export type Machines = Pick<Report, 'environment' | 'environments'>;

type Named = Pick<Environment, 'fingerprint' | 'runner'>;

export interface NamedMachines {
  environment: Named;
  environments?: readonly Named[];
}

/** Characters of a name beside a figure. */
const LENGTH = 32;

/** From a fingerprint to a name (untrusted). Machines whose names look the same show their fingerprints too, those without a name only that. */
export function machineNamer({ environment, environments }: NamedMachines): (fingerprint: string) => string {
  const names = new Map(
    (environments ?? [environment]).map(({ fingerprint, runner }) => [
      fingerprint,
      plainText(runner ?? '', LENGTH),
    ]),
  );
  const counts = new Map<string, number>();
  for (const name of names.values()) counts.set(name, (counts.get(name) ?? 0) + 1);
  return (fingerprint) => {
    const name = names.get(fingerprint);
    if (!name) return fingerprint;
    return counts.get(name) === 1 ? name : `${name} (${fingerprint})`;
  };
}

/** `gpu-1 (Intel Xeon, 16 cores)`, `3 machines: gpu-1, gpu-2, gpu-3`. Untrusted. */
export function machineWords({ environment, environments }: Machines): string {
  const all = environments ?? [environment];
  const nameOf = machineNamer({ environment, environments });
  if (all.length > 1)
    return `${countOf(all.length, 'machine')}: ${all.map(({ fingerprint }) => nameOf(fingerprint)).join(', ')}`;
  const hardware = `${plainText(environment.cpu, 80)}, ${countOf(environment.cores, 'core')}`;
  return environment.runner ? `${plainText(environment.runner, LENGTH)} (${hardware})` : hardware;
}

/** Names kept of machines that are alike, and characters of each. */
const KEPT = { names: 3, length: 100 };

/** `machine` and others of its fingerprint, as one that has all their names. */
export function withRunners(machine: Environment, runners: readonly string[]): Environment {
  if (runners.length === 0) return machine;
  const kept = runners.slice(0, KEPT.names).map((name) => name.slice(0, KEPT.length));
  const more = runners.length - kept.length;
  return { ...machine, runner: `${kept.join(', ')}${more > 0 ? ` and ${more} more` : ''}` };
}
