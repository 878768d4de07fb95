import { type BeforeApplicationShutdown, Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** How long open connections may last after the server began to stop, in ms. */
const SHUTDOWN_GRACE_MS = 2000;

/** Destroys connections that are still open some time after a shutdown began, such as those of idle clients. */
@Injectable()
export class LingeringConnections implements OnModuleInit, BeforeApplicationShutdown {
  private readonly open = new Set<Socket>();

  constructor(private readonly host: HttpAdapterHost) {}

  onModuleInit(): void {
    (this.host.httpAdapter.getHttpServer() as Server).on('connection', (socket: Socket) => {
      this.open.add(socket);
      socket.once('close', () => this.open.delete(socket));
    });
  }

  beforeApplicationShutdown(): void {
    setTimeout(() => this.open.forEach((socket) => socket.destroy()), SHUTDOWN_GRACE_MS).unref();
  }
}
