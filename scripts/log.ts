// Log lines of the server and its Worker: JSON, one a line, gathered for a moment so that many requests share one write.
import { openSync, writeSync } from 'node:fs';

const GATHER_MS = 20;

export interface LogSink {
  /** One line without its newline. */
  line(text: string): void;
  /** An event of the server itself. */
  event(level: 'info' | 'warn' | 'error', event: string, fields?: Readonly<Record<string, unknown>>): void;
  /** Writes what is gathered. */
  flush(): void;
}

/** @param file appended to; undefined = standard output */
export function openLog(file: string | undefined): LogSink {
  const handle = file === undefined ? undefined : openSync(file, 'a', 0o600);
  let gathered: string[] = [];
  let timer: NodeJS.Timeout | undefined;
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (gathered.length === 0) return;
    const text = `${gathered.join('\n')}\n`;
    gathered = [];
    if (handle === undefined) process.stdout.write(text);
    else writeSync(handle, text);
  };
  const line = (text: string): void => {
    gathered.push(text);
    timer ??= setTimeout(flush, GATHER_MS);
  };
  return {
    line,
    event: (level, event, fields = {}) => line(JSON.stringify({ time: new Date().toISOString(), level, event, ...fields })),
    flush,
  };
}
