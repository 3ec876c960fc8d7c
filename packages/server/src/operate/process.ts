import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Metrics } from './metrics.ts';

/** What every process of the service tells of itself, whatever its role. */
export function measureProcess(
  metrics: Metrics,
  { version, role }: { readonly version: string; readonly role: string },
): void {
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  metrics.gauge({
    name: 'avow_info',
    help: 'Version and role of this process.',
    read: async () => [{ labels: { version, role }, value: 1 }],
  });
  metrics.gauge({
    name: 'avow_memory_bytes',
    help: 'Resident memory of this process.',
    read: async () => [{ value: process.memoryUsage.rss() }],
  });
  metrics.gauge({
    name: 'avow_cpu_seconds',
    help: 'Time on processors that this process has taken.',
    read: async () => {
      const { user, system } = process.cpuUsage();
      return [{ value: (user + system) / 1e6 }];
    },
  });
  metrics.gauge({
    name: 'avow_event_loop_seconds',
    help: 'How late this process comes to what is to be done: 99 of 100 times, since last asked.',
    read: async () => {
      const value = delay.percentile(99) / 1e9;
      delay.reset();
      return [{ value }];
    },
  });
}
