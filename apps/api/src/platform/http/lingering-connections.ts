import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { type BeforeApplicationShutdown, Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';

/** How long what is under way may go on when the server stops, in ms. */
const GRACE = 2000;

/** Ends what is still connected a while after the server began to stop: clients that say nothing, or do not read. */
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
    setTimeout(() => this.open.forEach((socket) => socket.destroy()), GRACE).unref();
  }
}
