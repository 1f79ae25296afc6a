// A Worker's line to a pipe: it dials, and hears what it waits for, at once or on a socket.
import { asFault } from '../../faults.ts';
import type { PipeId } from '../../model/pipe.ts';
import { formatWait, parseTold, STATE_HEADER, WAIT_HEADER, type Told, type Wait } from '../../model/pipe-waiting.ts';
import type { Dialled, Services } from '../services.ts';

/** What compose.ts does to dial. Throws what the runtime throws where the object ends meanwhile. */
export async function dialPipe(pipe: { fetch(request: Request): Promise<Response> }, wait: Wait): Promise<Dialled> {
  const headers = { Upgrade: 'websocket', [WAIT_HEADER]: formatWait(wait) };
  const answer = await pipe.fetch(new Request('https://pipe/', { headers }));
  const { webSocket } = answer;
  if (webSocket) return { kind: 'waits', socket: webSocket, state: answer.headers.get(STATE_HEADER) ?? '' };
  return { kind: 'told', told: parseTold(await answer.text()) };
}

/** late: nothing has been said in this time. gone: the client has hung up. */
export type Heard = Told | { readonly kind: 'late' | 'gone' };

/** An open line. What is said is kept until it is asked for: bounded, because a pipe says no more until that has been handed on. */
export class Line {
  readonly #socket: WebSocket;
  readonly #signal: AbortSignal;
  readonly #said: Heard[] = [];
  #wake = (): void => undefined;
  /** When `next` is to end without anything said, and the timer that is set; epoch milliseconds. */
  #until = Infinity;
  #timer: { readonly handle: ReturnType<typeof setTimeout>; readonly at: number } | undefined;

  constructor(socket: WebSocket, signal: AbortSignal) {
    this.#socket = socket;
    this.#signal = signal;
    socket.addEventListener('message', ({ data }) => this.#hear(parseTold(String(data))));
    socket.addEventListener('close', () => this.#hear({ kind: 'lost' }));
    socket.addEventListener('error', () => this.#hear({ kind: 'lost' }));
    signal.addEventListener('abort', this.#hangUp, { once: true });
    if (signal.aborted) this.#hangUp();
    socket.accept();
  }

  async next(milliseconds: number): Promise<Heard> {
    if (this.#said.length === 0) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        this.#until = Date.now() + Math.max(0, milliseconds);
        this.#arm();
      });
    }
    return this.#said.shift() ?? { kind: 'late' };
  }

  say(text: string): void {
    try {
      this.#socket.send(text);
    } catch {
      this.#hear({ kind: 'lost' });
    }
  }

  /** A timer that rings too early is left, and set again then: where many are answered together, setting and clearing it would cost a tenth. */
  #arm(): void {
    if (this.#timer && this.#timer.at <= this.#until) return;
    clearTimeout(this.#timer?.handle ?? null);
    this.#timer = { handle: setTimeout(() => this.#ring(), this.#until - Date.now()), at: this.#until };
  }

  #ring(): void {
    this.#timer = undefined;
    if (Date.now() < this.#until) this.#arm();
    else this.#wake();
  }

  end(): void {
    clearTimeout(this.#timer?.handle ?? null);
    this.#signal.removeEventListener('abort', this.#hangUp);
    this.#socket.close(1000, 'over');
  }

  readonly #hangUp = (): void => this.#hear({ kind: 'gone' });

  #hear(heard: Heard): void {
    this.#said.push(heard);
    this.#wake();
  }
}

/** What the runtime throws where the object is ended, or is too busy, is a line that is lost. */
export async function dialOrLose(services: Services, id: PipeId, wait: Wait): Promise<Dialled> {
  try {
    return await services.dialPipe(id, wait);
  } catch (error) {
    if (asFault(error)) throw error;
    return { kind: 'told', told: { kind: 'lost' } };
  }
}

/** Milliseconds before the next attempt: at once at first, then growing, so that those who lost their line together do not come together. */
export function pauseBefore(attempt: number): number {
  return attempt === 0 ? 0 : Math.min(2000, 50 * 2 ** (attempt - 1)) * (0.5 + Math.random());
}
