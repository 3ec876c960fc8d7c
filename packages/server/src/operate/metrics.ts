/** Upper bounds of the buckets of times, in seconds. */
const BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10] as const;

interface Times {
  readonly buckets: number[];
  sum: number;
  count: number;
}

/** A number that is asked for when somebody looks. */
export interface Gauge {
  readonly name: string;
  readonly help: string;
  read(): Promise<
    readonly { readonly labels?: Readonly<Record<string, string>>; readonly value: number }[]
  >;
}

/** Counts of requests by route, and gauges, as Prometheus reads them (text format 0.0.4). */
export class Metrics {
  readonly #requests = new Map<string, number>();
  readonly #times = new Map<string, Times>();
  readonly #gauges: Gauge[] = [];

  /** `route` is the pattern, so that there are as many series as routes. */
  request(method: string, route: string, status: number, seconds: number): void {
    const labels = `method="${method}",route="${route}",status="${status}"`;
    this.#requests.set(labels, (this.#requests.get(labels) ?? 0) + 1);
    const key = `method="${method}",route="${route}"`;
    const times = this.#times.get(key) ?? { buckets: BOUNDS.map(() => 0), sum: 0, count: 0 };
    BOUNDS.forEach((bound, index) => {
      if (seconds <= bound) times.buckets[index]! += 1;
    });
    times.sum += seconds;
    times.count += 1;
    this.#times.set(key, times);
  }

  gauge(gauge: Gauge): void {
    this.#gauges.push(gauge);
  }

  async text(): Promise<string> {
    const lines = [
      '# HELP avow_requests_total Requests answered.',
      '# TYPE avow_requests_total counter',
      ...[...this.#requests].map(([labels, value]) => `avow_requests_total{${labels}} ${value}`),
      '# HELP avow_request_seconds Time to an answer.',
      '# TYPE avow_request_seconds histogram',
      ...[...this.#times].flatMap(([labels, times]) => histogram(labels, times)),
    ];
    for (const { name, help, read } of this.#gauges) {
      lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} gauge`);
      for (const { labels = {}, value } of await read()) {
        const told = Object.entries(labels).map(([key, one]) => `${key}="${escaped(one)}"`);
        lines.push(`${name}${told.length === 0 ? '' : `{${told.join(',')}}`} ${value}`);
      }
    }
    return `${lines.join('\n')}\n`;
  }
}

function histogram(labels: string, { buckets, sum, count }: Times): string[] {
  return [
    ...BOUNDS.map(
      (bound, index) => `avow_request_seconds_bucket{${labels},le="${bound}"} ${buckets[index]}`,
    ),
    `avow_request_seconds_bucket{${labels},le="+Inf"} ${count}`,
    `avow_request_seconds_sum{${labels}} ${sum}`,
    `avow_request_seconds_count{${labels}} ${count}`,
  ];
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
