// Commands whose configuration knows several services, as the administrator of each.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import type { Site } from '../../support/pair.ts';
import { start, type Ran, type Running } from './vopipe.ts';

export interface Commands {
  /** In which they run: empty, and gone after the tests, as the services are. */
  readonly directory: string;
  /** Runs a command to its end. */
  readonly run: (...args: readonly string[]) => Promise<Ran>;
  /** Begins a command; the caller ends it. */
  readonly begin: (...args: readonly string[]) => Running;
}

/** The first of the services is that of `vos:/…`. */
export function commandsFor(sites: readonly Site[]): Commands {
  const directory = mkdtempSync(join(tmpdir(), 'vopipe-cli-'));
  afterAll(async () => {
    await Promise.all(sites.map(({ service }) => service.stop()));
    rmSync(directory, { recursive: true, force: true });
  });
  const entries = sites.map(({ authority, service: { base, admin } }) => {
    const { user, password } = admin;
    return [authority, { url: base, user, password }] as const;
  });
  return { directory, ...commandsWith(directory, { default: sites[0]?.authority, services: Object.fromEntries(entries) }) };
}

/** With a configuration of their own. */
export function commandsWith(
  directory: string,
  config: object,
  environment: Readonly<Record<string, string>> = {},
): Pick<Commands, 'run' | 'begin'> {
  const file = join(directory, 'config.json');
  writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
  const begin: Commands['begin'] = (...args) => start(args, directory, { HOME: directory, VOPIPE_CONFIG: file, ...environment });
  return { begin, run: (...args) => begin(...args).ended };
}
