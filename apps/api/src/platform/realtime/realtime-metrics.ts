import { makeCounterProvider, makeGaugeProvider } from '@willsoto/nestjs-prometheus';

/** Names of the figures about sockets. */
export const METRICS = {
  sockets: 'webcall_sockets',
  refusals: 'webcall_command_refusals_total',
} as const;

export const realtimeMetrics = [
  makeGaugeProvider({ name: METRICS.sockets, help: 'Connected sockets' }),
  makeCounterProvider({
    name: METRICS.refusals,
    help: 'Commands that were refused or failed',
    labelNames: ['command', 'code'],
  }),
];
