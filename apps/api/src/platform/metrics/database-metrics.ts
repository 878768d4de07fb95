import { Injectable, type OnModuleInit } from '@nestjs/common';
import { InjectMetric, makeGaugeProvider } from '@willsoto/nestjs-prometheus';
import type { Pool } from 'pg';
import type { Gauge } from 'prom-client';
import { DataSource } from 'typeorm';

const CONNECTIONS = 'webcall_database_connections';

export const databaseMetrics = [
  makeGaugeProvider({ name: CONNECTIONS, help: 'Connections to PostgreSQL, by state', labelNames: ['state'] }),
];

/** How busy the connections to the database are; `waiting` counts requests that have none yet. */
@Injectable()
export class DatabaseMetrics implements OnModuleInit {
  constructor(
    @InjectMetric(CONNECTIONS) private readonly connections: Gauge<'state'>,
    private readonly db: DataSource,
  ) {}

  onModuleInit(): void {
    const { master: pool } = this.db.driver as unknown as { master: Pool };
    const { connections } = this;
    // prom-client asks for the figures right before each reading.
    Object.assign(connections, {
      collect: () => {
        connections.set({ state: 'busy' }, pool.totalCount - pool.idleCount);
        connections.set({ state: 'idle' }, pool.idleCount);
        connections.set({ state: 'waiting' }, pool.waitingCount);
      },
    });
  }
}
