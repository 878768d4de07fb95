import { makeCounterProvider, makeGaugeProvider } from '@willsoto/nestjs-prometheus';

/** Names of the metrics about sockets. */
export const REALTIME_METRIC_NAMES = {
  sockets: 'webcall_sockets',
  refusals: 'webcall_command_refusals_total',
} as const;

export const realtimeMetricProviders = [
  makeGaugeProvider({ name: REALTIME_METRIC_NAMES.sockets, help: 'Connected sockets' }),
  makeCounterProvider({
    name: REALTIME_METRIC_NAMES.refusals,
    help: 'Commands that were refused or failed',
    labelNames: ['command', 'code'],
  }),
];
