// How the operators' commands speak to the running service: where it is, as whom, and its streams of JSON lines.
import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { loopbackUrl } from './settings.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export interface Answer {
  readonly status: number;
  readonly body: Readable;
}

/** A message for the person who typed the command; no stack is shown. */
export class CommandError extends Error {}

/** VOSPACE_URL, else the base URL of what `npm start` serves with the same HOST, PORT and BASE_PATH; without trailing slash. */
export function serviceUrl(env: Environment): string {
  const own = loopbackUrl(env['HOST'] || '127.0.0.1', Number(env['PORT'] || 8787)) + (env['BASE_PATH'] ?? '/vos');
  return (env['VOSPACE_URL'] || own).replace(/\/+$/, '');
}

export class AdminClient {
  readonly base: string;
  readonly #authorization: string;

  /**
   * The service is the one that `serviceUrl` names. The administrator is ADMIN_USER with ADMIN_PASSWORD, else the one in STATE_DIR/credentials.
   */
  constructor(env: Environment) {
    this.base = serviceUrl(env);
    const { user, password } = env['ADMIN_PASSWORD']
      ? { user: env['ADMIN_USER'] || 'admin', password: env['ADMIN_PASSWORD'] }
      : readCredentials(env['STATE_DIR'] || '.state');
    this.#authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  }

  /** Throws CommandError for any answer but 2xx. No time limit: a restore of many nodes is silent until it is done. */
  async send(
    method: 'GET' | 'POST',
    path: string,
    body?: { readonly stream: Readable; readonly headers: Readonly<Record<string, string>> },
  ): Promise<Answer> {
    const url = new URL(this.base + path);
    const request = (url.protocol === 'https:' ? https : http).request(url, {
      method,
      headers: { authorization: this.#authorization, ...(body ? body.headers : { 'content-length': '0' }) },
    });
    const answered = new Promise<http.IncomingMessage>((resolve, reject) => {
      request.once('response', resolve);
      request.once('error', reject);
    });
    // A refusal may come before everything has been sent: then it is the answer that counts.
    const sent = body ? pipeline(body.stream, request).catch(() => undefined) : request.end();
    const response = await answered.catch((error: unknown) => {
      throw new CommandError(`${this.base} does not answer: ${error instanceof Error ? error.message : String(error)}`);
    });
    const status = response.statusCode ?? 0;
    if (status >= 200 && status < 300) {
      await sent;
      return { status, body: response };
    }
    const text = await readText(response);
    body?.stream.destroy();
    throw new CommandError(`${method} ${url.pathname} answers ${status}: ${text.slice(0, 1000)}`);
  }

  /** The records of a stream of JSON lines. Throws CommandError for the line that says what went wrong. */
  async *lines(method: 'GET' | 'POST', path: string): AsyncGenerator<Record<string, unknown>> {
    const { body } = await this.send(method, path);
    let rest = '';
    for await (const chunk of body.setEncoding('utf8')) {
      const lines = (rest + String(chunk)).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const record = JSON.parse(line) as Record<string, unknown>;
        if (record['kind'] === 'error') throw new CommandError(`${String(record['fault'])} ${String(record['detail'])}`);
        yield record;
      }
    }
    if (rest !== '') throw new CommandError('the answer broke off in a line');
  }
}

export async function readText(stream: Readable): Promise<string> {
  let text = '';
  for await (const chunk of stream.setEncoding('utf8')) text += String(chunk);
  return text;
}

/** Runs a command; its failures become one line and the exit code 1. */
export async function runCommand(command: () => Promise<void>): Promise<void> {
  try {
    await command();
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}

function readCredentials(stateDir: string): { readonly user: string; readonly password: string } {
  const file = join(stateDir, 'credentials');
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as { user: string; password: string };
  } catch {
    throw new CommandError(`no administrator: ${file} cannot be read; set STATE_DIR, or ADMIN_USER and ADMIN_PASSWORD`);
  }
}
