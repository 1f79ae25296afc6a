// Counters of this isolate, in the text form that Prometheus reads.
import { asFault } from '../faults.ts';
import type { Objects } from '../objects/port.ts';

/** Prometheus sees one isolate per answer: elsewhere than on one machine several run, and each begins at nothing. */
const PER_ISOLATE = 'Since this isolate began; others count for themselves.';
/** Seconds. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;

type Labels = Readonly<Record<string, string>>;

function series(name: string, labels: Labels): string {
  let pairs = '';
  for (const label in labels) pairs += `${pairs === '' ? '' : ','}${label}="${escaped(labels[label] ?? '')}"`;
  return pairs === '' ? name : `${name}{${pairs}}`;
}

function escaped(value: string): string {
  if (!/[\\"\n]/.test(value)) return value;
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

abstract class Metric {
  readonly name: string;
  readonly #help: string;
  readonly #type: string;
  constructor(name: string, type: 'counter' | 'gauge' | 'histogram', help: string) {
    this.name = name;
    this.#type = type;
    this.#help = help;
  }
  abstract lines(): string[];
  format(): string {
    return [`# HELP ${this.name} ${this.#help} ${PER_ISOLATE}`, `# TYPE ${this.name} ${this.#type}`, ...this.lines(), ''].join('\n');
  }
}

/** What is counted under the same labels: who counts at every request keeps it, and does not look for it again. */
export interface Counter {
  value: number;
}

class Count extends Metric {
  readonly #counters = new Map<string, Counter>();
  of(labels: Labels): Counter {
    const key = series(this.name, labels);
    const found = this.#counters.get(key) ?? { value: 0 };
    this.#counters.set(key, found);
    return found;
  }
  add(labels: Labels = {}, amount = 1): void {
    this.of(labels).value += amount;
  }
  override lines(): string[] {
    return Array.from(this.#counters, ([key, { value }]) => `${key} ${value}`);
  }
}

/** Times under the same labels. */
export class Times {
  readonly labels: Labels;
  /** How many were within each bound, but not within the one before it; the last: beyond all. */
  readonly #within = [...BUCKETS, Infinity].map(() => 0);
  #sum = 0;
  constructor(labels: Labels) {
    this.labels = labels;
  }
  add(seconds: number): void {
    let i = 0;
    while (seconds > (BUCKETS[i] ?? Infinity)) i++;
    this.#within[i] = (this.#within[i] ?? 0) + 1;
    this.#sum += seconds;
  }
  lines(name: string): string[] {
    let count = 0;
    const buckets = this.#within.map((number, i) => {
      count += number;
      return `${series(`${name}_bucket`, { ...this.labels, le: String(BUCKETS[i] ?? '+Inf') })} ${count}`;
    });
    return [...buckets, `${series(`${name}_sum`, this.labels)} ${this.#sum}`, `${series(`${name}_count`, this.labels)} ${count}`];
  }
}

class Histogram extends Metric {
  readonly #times = new Map<string, Times>();
  of(labels: Labels): Times {
    const key = series('', labels);
    const found = this.#times.get(key) ?? new Times(labels);
    this.#times.set(key, found);
    return found;
  }
  observe(labels: Labels, seconds: number): void {
    this.of(labels).add(seconds);
  }
  override lines(): string[] {
    return Array.from(this.#times.values()).flatMap((times) => times.lines(this.name));
  }
}

/** One set per isolate, because the isolate is what is counted. */
export const METRICS = {
  requests: new Count('vospace_requests_total', 'counter', 'Requests answered, by method, route and class of status.'),
  durations: new Histogram('vospace_request_seconds', 'histogram', 'Seconds from a request to the beginning of its answer.'),
  answering: new Count('vospace_requests_in_progress', 'gauge', 'Requests whose answer has not begun.'),
  waiting: new Count('vospace_requests_waiting', 'gauge', 'Requests that wait for news.'),
  uploads: new Count('vospace_uploads_total', 'counter', 'Uploads that ended, by result: committed, or the name of the fault.'),
  storeCalls: new Count(
    'vospace_store_calls_total',
    'counter',
    'Calls to the object store, by call and result: ok, or the name of the fault.',
  ),
  storeSeconds: new Histogram('vospace_store_call_seconds', 'histogram', 'Seconds of a call to the object store.'),
  bytes: new Count(
    'vospace_bytes_total',
    'counter',
    'Bytes of files through the service itself, not by signed URL: in when stored, out as announced.',
  ),
} as const;

export function formatMetrics(): string {
  return Object.values(METRICS)
    .map((metric) => metric.format())
    .join('');
}

/** The same store, with its calls counted. */
export function measured<Store extends Objects>(objects: Store, clock: () => number): Store {
  return new Proxy(objects, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      // Signing asks nobody, and limits are asked once.
      if (typeof value !== 'function' || typeof name !== 'string' || name === 'sign' || name === 'limits') return value;
      const method = value as (...values: unknown[]) => Promise<unknown>;
      return async (...values: unknown[]) => {
        const start = clock();
        let result = 'ok';
        try {
          const answer = await method.apply(target, values);
          if (name === 'put') METRICS.bytes.add({ direction: 'in' }, (answer as Awaited<ReturnType<Objects['put']>>).size);
          return answer;
        } catch (error) {
          result = asFault(error)?.fault ?? 'InternalFault';
          throw error;
        } finally {
          METRICS.storeCalls.add({ call: name, result });
          METRICS.storeSeconds.observe({ call: name }, (clock() - start) / 1000);
        }
      };
    },
  });
}
