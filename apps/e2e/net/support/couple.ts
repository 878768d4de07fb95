import { setTimeout as pause } from 'node:timers/promises';
import { expect } from '@playwright/test';
import { readMessages } from '../../support/api';
import { expectInflow } from '../../support/media';
import { createRoom, goHome, joinCall, joinRoom, log, say, signUp, type Person } from '../../support/people';
import { flowSince, gapsIn, storySince, watchFlow } from './flow';
import type { Host } from './lab';
import type { Net } from './net';

/** So long nothing may be missing after a fault, before it counts as over: a second gap comes within that time. */
const STEADY_MS = 4000;
const CHAT_MS = 1500;
/** After that the call is not coming back. */
const PATIENCE_MS = 40_000;

interface Preparations {
  host?: (host: Host) => void;
  person?: (person: Person) => Promise<void>;
}

/** Two people at home, each behind a NAT, in a call with each other. The first one has the trouble. */
export class Couple {
  private chatting: Promise<void>[] = [];
  private chatOver = false;
  private said = 0;

  private constructor(
    readonly host: Host,
    readonly people: readonly [Person, Person],
    private readonly roomId: string,
  ) {}

  /** @param prepare what differs from the usual, for each host and for each person before the call */
  static async meet(net: Net, prepare: Preparations = {}): Promise<Couple> {
    const hosts = [net.lab.addHost(), net.lab.addHost()] as const;
    for (const host of hosts) prepare.host?.(host);
    const [first, second] = [await net.browser(hosts[0]), await net.browser(hosts[1])];
    const anna = await signUp(first, 'anna');
    const bob = await signUp(second, 'bob');
    for (const person of [anna, bob]) await prepare.person?.(person);
    const roomId = await createRoom(anna, 'Far apart');
    await joinRoom(bob, roomId);
    const couple = new Couple(hosts[0], [anna, bob], roomId);
    // Painting and encoding without a graphics card take more than talking does: small pictures will do.
    for (const { page } of couple.people) {
      await page.setViewportSize({ width: 1024, height: 480 });
      await page.emulateMedia({ reducedMotion: 'reduce' });
    }
    for (const { page } of couple.people) await joinCall(page);
    for (const { page } of couple.people) {
      await expectInflow(page, 1, ['samples']);
      await watchFlow(page);
    }
    return couple;
  }

  /** Both write now and then, whether their messages get through or not. */
  startChat(): void {
    this.chatOver = false;
    this.chatting = this.people.map(async (person) => {
      while (!this.chatOver) {
        this.said += 1;
        await say(person, `${person.name} says ${this.said}`);
        await pause(CHAT_MS);
      }
    });
    // `endChat` tells of it. A test that fails before that still has to stop what it started.
    for (const chat of this.chatting) chat.catch(() => undefined);
  }

  /** Nothing that was said is lost, doubled or out of order, at the server and on both pages. */
  async endChat(): Promise<void> {
    this.chatOver = true;
    await Promise.all(this.chatting);
    const [anna, bob] = this.people;
    const texts = async (): Promise<string[]> =>
      (await readMessages(anna, this.roomId)).flatMap(({ content }) => (content.type === 'text' ? [content.text] : []));
    await expect.poll(async () => (await texts()).length, { timeout: 20_000 }).toBe(this.said);
    const all = await texts();
    for (const { name } of this.people) {
      const numbers = all.filter((text) => text.startsWith(`${name} `)).map((text) => Number(text.split(' ')[2]));
      expect(numbers, `what ${name} said`).toEqual([...new Set(numbers)].sort((a, b) => a - b));
    }
    for (const { page } of [anna, bob]) {
      const shown = async (): Promise<string> =>
        (
          await log(page)
            .getByText(/^\S+ says \d+$/)
            .allTextContents()
        ).join();
      const tail = all.slice(-20).join();
      await expect.poll(shown, { timeout: 20_000 }).toContain(tail);
    }
  }

  /**
   * Makes a fault and waits until sound flows both ways again and stays.
   * @param fault resolves when it is mended
   * @param goalMs within which it should
   * @returns how long after that the last gap ended, in ms
   */
  async endure(fault: () => Promise<void> | void, goalMs: number): Promise<number> {
    const begun = Date.now();
    await fault();
    const mended = Date.now();
    let late = Infinity;
    try {
      const back = await Promise.all(this.people.map(({ page }) => this.soundBack(page, begun)));
      expect(Math.max(...back), 'when sound was missing last').toBeGreaterThan(begun);
      late = Math.max(0, ...back.map((at) => at - mended));
      return late;
    } finally {
      if (late > goalMs) await this.tell(begun, mended, late);
    }
  }

  async part(): Promise<void> {
    await goHome(...this.people);
  }

  private async tell(begun: number, mended: number, late: number): Promise<void> {
    const when = `${((mended - begun) / 1000).toFixed(1)} s after the fault began it was mended`;
    process.stdout.write(`Sound was late by ${late} ms: ${when}\n`);
    for (const { name, page } of this.people) {
      const gaps = gapsIn(await flowSince(page, begun)).map(
        ({ from, to, concealed }) => `${from - begun}-${to - begun} (${Math.round(concealed)} made up)`,
      );
      process.stdout.write(`  ${name}: gaps ${gaps.join(', ')} ms; ${await storySince(page, begun)}\n`);
    }
  }

  private async soundBack(page: Person['page'], since: number): Promise<number> {
    let back = since;
    const steady = async (): Promise<boolean> => {
      const notes = await flowSince(page, since);
      back = gapsIn(notes).at(-1)?.to ?? since;
      // Without notes of the time since, nothing was looked at.
      const seen = (notes.at(-1)?.at ?? 0) - (notes[0]?.at ?? 0) >= STEADY_MS;
      return seen && Date.now() - Math.max(back, since) >= STEADY_MS;
    };
    await expect.poll(steady, { message: 'sound is back', timeout: PATIENCE_MS, intervals: [500] }).toBe(true);
    return back;
  }
}
