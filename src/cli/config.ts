// The configuration file: which VOSpaces there are, who one is there, and which of them is meant where none is named.
import type { Environment } from './command.ts';
import { chmodSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { EXIT } from './exit.ts';
import { readIfThere } from './text-file.ts';
import { Trouble } from './trouble.ts';

export interface Service {
  readonly url: string;
  /** What it calls itself, where that is not the name that it has here. */
  readonly authority?: string;
  readonly user?: string;
  /** An application password, which can be revoked by itself. */
  readonly password?: string;
  /** By which the service revokes that password. */
  readonly pwid?: string;
  readonly token?: string;
  /** `xml`: another kind of VOSpace than this project's service. */
  readonly codec?: 'json' | 'xml';
}

export interface Config {
  /** The authority of the VOSpace that `vos:/…` means. */
  readonly default?: string;
  /** By authority. */
  readonly services: Readonly<Record<string, Service>>;
}

/** `--config`, `VOPIPE_CONFIG`, or `vopipe/config.json` below XDG_CONFIG_HOME (`~/.config`). */
export function configFile(given: string | undefined, environment: Environment): string {
  const named = given ?? environment['VOPIPE_CONFIG'];
  if (named) return named;
  return join(environment['XDG_CONFIG_HOME'] || join(environment['HOME'] || homedir(), '.config'), 'vopipe', 'config.json');
}

/** A file that is not there is an empty configuration. Throws Trouble for one that cannot be understood. */
export function readConfig(file: string): Config {
  const text = readIfThere(file);
  if (text === undefined) return { services: {} };
  try {
    return check(parse(text));
  } catch (thrown) {
    throw new Trouble(`${file}: ${thrown instanceof Error ? thrown.message : String(thrown)}`, {
      exit: EXIT.usage,
      advice: 'Mend the file, or remove it and use vopipe login.',
    });
  }
}

export function holdsSecrets({ services }: Config): boolean {
  return Object.values(services).some(({ password, token }) => password !== undefined || token !== undefined);
}

/** Without credentials: messages name URLs. */
export function isServiceUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return /^https?:$/.test(protocol) && username === '' && password === '';
}

/** Whether others than its owner may read it. */
export function isOpen(file: string): boolean {
  const found = process.platform === 'win32' ? undefined : statSync(file, { throwIfNoEntry: false });
  return found !== undefined && (found.mode & 0o077) !== 0;
}

/** In one step, and readable by its owner only. */
export function writeConfig(file: string, config: Config): void {
  const { put, drop } = prepareConfig(file, config);
  try {
    put();
  } finally {
    drop();
  }
}

/** A configuration that lies beside its place: what may go wrong has gone wrong before `put`. `drop` is always called in the end. */
export function prepareConfig(file: string, config: Config): { readonly put: () => void; readonly drop: () => void } {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const fresh = `${file}.${process.pid}`;
  const drop = (): void => rmSync(fresh, { force: true });
  try {
    writeFileSync(fresh, `${JSON.stringify(config, undefined, 2)}\n`, { mode: 0o600 });
    chmodSync(fresh, 0o600);
  } catch (thrown) {
    drop();
    throw thrown;
  }
  return { put: () => renameSync(fresh, file), drop };
}

/** The words of JSON.parse would quote what may be a password. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const lines = text.split('\n');
    const broken = lines.findIndex((_, at) => !mayGoOn(lines.slice(0, at + 1).join('\n')));
    throw new Error(`line ${broken < 0 ? lines.length : broken + 1} is not JSON, or something is missing there`);
  }
}

/** Whether it is JSON as far as it goes. */
function mayGoOn(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (thrown) {
    const { message } = thrown as SyntaxError;
    const [, at = 0] = /position (\d+)/.exec(message) ?? [];
    return message.includes('end of JSON input') || Number(at) >= text.length;
  }
}

function check(value: unknown): Config {
  const { default: chosen, services = {} } = record(value, 'the configuration');
  if (chosen !== undefined && typeof chosen !== 'string') throw new Error('"default" is not a text');
  const checked = Object.entries(record(services, '"services"')).map(
    ([authority, service]) => [authority, checkService(authority, service)] as const,
  );
  return { ...(chosen !== undefined && { default: chosen }), services: Object.fromEntries(checked) };
}

function checkService(authority: string, value: unknown): Service {
  const service = record(value, `"${authority}"`);
  for (const [key, text] of Object.entries(service)) {
    if (typeof text !== 'string') throw new Error(`"${key}" of "${authority}" is not a text`);
    if (!['url', 'authority', 'user', 'password', 'pwid', 'token', 'codec'].includes(key))
      throw new Error(`"${authority}" has an unknown key "${key}"`);
  }
  if (service['url'] === undefined) throw new Error(`"${authority}" has no "url"`);
  if (!isServiceUrl(service['url'] as string)) throw new Error(`"url" of "${authority}" is not a URL, or holds a user or a password`);
  if (service['codec'] !== undefined && service['codec'] !== 'json' && service['codec'] !== 'xml')
    throw new Error(`"codec" of "${authority}" is neither "json" nor "xml"`);
  return service as unknown as Service;
}

function record(value: unknown, name: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error(`${name} is not an object`);
  return value as Readonly<Record<string, unknown>>;
}
