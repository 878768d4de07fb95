import { makeCounterProvider, makeGaugeProvider } from '@willsoto/nestjs-prometheus';

/** Names of the metrics of calls. */
export const CALL_METRICS = {
  started: 'webcall_calls_started_total',
  ended: 'webcall_calls_ended_total',
  participants: 'webcall_participants',
  left: 'webcall_participants_left_total',
  rings: 'webcall_rings_total',
  signals: 'webcall_signals_total',
  unreadable: 'webcall_unreadable_calls_total',
} as const;

export const callMetricProviders = [
  makeCounterProvider({ name: CALL_METRICS.started, help: 'Calls that were started' }),
  makeCounterProvider({ name: CALL_METRICS.ended, help: 'Calls that ended' }),
  makeGaugeProvider({ name: CALL_METRICS.participants, help: 'Participants whose socket is here' }),
  makeCounterProvider({ name: CALL_METRICS.left, help: 'Participants who left', labelNames: ['reason'] }),
  makeCounterProvider({ name: CALL_METRICS.rings, help: 'Rings by how they ended', labelNames: ['outcome'] }),
  makeCounterProvider({
    name: CALL_METRICS.unreadable,
    help: 'Calls of a newer release that this one does not understand, and leaves alone',
  }),
  makeCounterProvider({
    name: CALL_METRICS.signals,
    help: 'Signals by whether they arrived, and why not',
    labelNames: ['outcome'],
  }),
];
