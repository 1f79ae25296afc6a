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

class Count extends Metric {
  readonly #values = new Map<string, number>();
  add(labels: Labels = {}, amount = 1): void {
    const key = series(this.name, labels);
    this.#values.set(key, (this.#values.get(key) ?? 0) + amount);
  }
  override lines(): string[] {
    return Array.from(this.#values, ([key, value]) => `${key} ${value}`);
  }
}

class Histogram extends Metric {
  readonly #values = new Map<string, { readonly labels: Labels; readonly buckets: number[]; sum: number; count: number }>();
  observe(labels: Labels, seconds: number): void {
    const key = series('', labels);
    const found = this.#values.get(key) ?? { labels, buckets: BUCKETS.map(() => 0), sum: 0, count: 0 };
    BUCKETS.forEach((bound, i) => {
      if (seconds <= bound) found.buckets[i] = (found.buckets[i] ?? 0) + 1;
    });
    found.sum += seconds;
    found.count += 1;
    this.#values.set(key, found);
  }
  override lines(): string[] {
    return Array.from(this.#values.values()).flatMap(({ labels, buckets, sum, count }) => [
      ...buckets.map((value, i) => `${series(`${this.name}_bucket`, { ...labels, le: String(BUCKETS[i]) })} ${value}`),
      `${series(`${this.name}_bucket`, { ...labels, le: '+Inf' })} ${count}`,
      `${series(`${this.name}_sum`, labels)} ${sum}`,
      `${series(`${this.name}_count`, labels)} ${count}`,
    ]);
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
