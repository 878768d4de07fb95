import { Injectable, type OnModuleInit } from '@nestjs/common';
import { InjectMetric, makeGaugeProvider } from '@willsoto/nestjs-prometheus';
import type { Pool } from 'pg';
import type { Gauge } from 'prom-client';
import { DataSource } from 'typeorm';

const CONNECTIONS_METRIC = 'webcall_database_connections';

export const databaseMetricProviders = [
  makeGaugeProvider({ name: CONNECTIONS_METRIC, help: 'Connections to PostgreSQL, by state', labelNames: ['state'] }),
];

/** Reports how busy the database connections are; `waiting` counts queries that have no connection yet. */
@Injectable()
export class DatabaseMetrics implements OnModuleInit {
  constructor(
    @InjectMetric(CONNECTIONS_METRIC) private readonly connections: Gauge<'state'>,
    private readonly db: DataSource,
  ) {}

  onModuleInit(): void {
    const { master: pool } = this.db.driver as unknown as { master: Pool };
    const { connections } = this;
    // prom-client calls this right before each reading.
    Object.assign(connections, {
      collect: () => {
        connections.set({ state: 'busy' }, pool.totalCount - pool.idleCount);
        connections.set({ state: 'idle' }, pool.idleCount);
        connections.set({ state: 'waiting' }, pool.waitingCount);
      },
    });
  }
}
