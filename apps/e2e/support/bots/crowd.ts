import { build } from 'esbuild';
import { type ChildProcess, fork } from 'node:child_process';
import path from 'node:path';
import { serverUrl } from '../people';
import type { FromBots, Hearing, ToBots } from './protocol';

const ROOT = path.join(import.meta.dirname, '../../../..');
const BUNDLE = path.join(ROOT, 'dist/apps/e2e/bots.mjs');

/** Several bots in a separate process, so that the test and the bots do not block each other. */
export class Crowd {
  private constructor(private readonly child: ChildProcess) {}

  /** Lets bots with these names sign up and join the call of a room, one after the other. */
  static async enter(roomId: string, names: string[]): Promise<Crowd> {
    await build({
      entryPoints: [path.join(import.meta.dirname, 'main.ts')],
      tsconfig: path.join(ROOT, 'tsconfig.base.json'),
      outfile: BUNDLE,
      bundle: true,
      packages: 'external',
      platform: 'node',
      format: 'esm',
    });
    const crowd = new Crowd(fork(BUNDLE, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] }));
    const order = { url: serverUrl(), code: process.env['WEBCALL_CODE'] ?? '', roomId, names };
    await crowd.ask({ type: 'enter', order }, 'entered');
    return crowd;
  }

  /** @returns what each bot hears of each other participant */
  async hear(): Promise<Record<string, Hearing[]>> {
    return (await this.ask({ type: 'hear' }, 'heard')).by;
  }

  async leave(): Promise<void> {
    if (this.child.exitCode !== null) return;
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.send({ type: 'leave' } satisfies ToBots);
    await ended;
  }

  private ask<T extends FromBots['type']>(question: ToBots, expectedType: T): Promise<Extract<FromBots, { type: T }>> {
    return new Promise((resolve, reject) => {
      this.child.once('exit', (code) => reject(new Error(`the bots ended with ${code}`)));
      this.child.once('message', (answer: FromBots) => {
        if (answer.type === expectedType) resolve(answer as Extract<FromBots, { type: T }>);
        else reject(new Error(answer.type === 'failed' ? answer.reason : `an unexpected answer: ${answer.type}`));
      });
      this.child.send(question);
    });
  }
}
