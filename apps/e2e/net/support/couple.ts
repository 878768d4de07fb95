import { expect } from '@playwright/test';
import { setTimeout as pause } from 'node:timers/promises';
import { readMessages } from '../../support/api';
import { expectInflow } from '../../support/media';
import { createRoom, goHome, joinCall, joinRoom, log, type Person, say, showChat, signUp } from '../../support/people';
import { flowSince, gapsIn, storySince, watchFlow } from './flow';
import type { Host } from './lab';
import type { Net } from './net';

/** Sound must flow this long before a fault counts as over, because a second gap would come within this time. */
const STEADY_MS = 4000;
const CHAT_MS = 1500;
/** After this time the call counts as lost. */
const PATIENCE_MS = 40_000;

interface Preparations {
  host?: (host: Host) => void;
  person?: (person: Person) => Promise<void>;
}

/** Two people in a call with each other, each behind a NAT. Faults are made on the first one's side. */
export class Couple {
  private chatting: Promise<void>[] = [];
  private chatOver = false;
  private said = 0;

  private constructor(
    readonly host: Host,
    readonly people: readonly [Person, Person],
    private readonly roomId: string,
  ) {}

  /** @param prepare extra steps for each host and each person before the call */
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
    // Without a graphics card, rendering and encoding are expensive: small pictures are enough.
    for (const { page } of couple.people) {
      await page.setViewportSize({ width: 1024, height: 480 });
      await page.emulateMedia({ reducedMotion: 'reduce' });
    }
    for (const { page } of couple.people) {
      await joinCall(page);
      await showChat(page);
    }
    for (const { page } of couple.people) {
      await expectInflow(page, 1, ['samples']);
      await watchFlow(page);
    }
    return couple;
  }

  /** Both write at intervals, even while their messages cannot be delivered. */
  startChat(): void {
    this.chatOver = false;
    this.chatting = this.people.map(async (person) => {
      while (!this.chatOver) {
        this.said += 1;
        await say(person, `${person.name} says ${this.said}`);
        await pause(CHAT_MS);
      }
    });
    // `endChat` reports errors; this only avoids an unhandled rejection if the test fails earlier.
    for (const chat of this.chatting) chat.catch(() => undefined);
  }

  /** Expects no message to be lost, doubled or out of order, on the server and on both pages. */
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
      const readTexts = async (): Promise<string> =>
        (
          await log(page)
            .getByText(/^\S+ says \d+$/)
            .allTextContents()
        ).join();
      const tail = all.slice(-20).join();
      await expect.poll(readTexts, { timeout: 20_000 }).toContain(tail);
    }
  }

  /**
   * Makes a fault and waits until sound flows steadily in both directions again.
   * @param fault resolves when the fault is repaired
   * @param goalMs the expected longest recovery
   * @returns the time from the repair to the end of the last gap, in ms
   */
  async endure(fault: () => Promise<void> | void, goalMs: number): Promise<number> {
    const startedAt = Date.now();
    await fault();
    const mended = Date.now();
    let late = Infinity;
    try {
      const back = await Promise.all(this.people.map(({ page }) => this.soundBack(page, startedAt)));
      expect(Math.max(...back), 'when sound was missing last').toBeGreaterThan(startedAt);
      late = Math.max(0, ...back.map((at) => at - mended));
      return late;
    } finally {
      if (late > goalMs) await this.reportLateSound(startedAt, mended, late);
    }
  }

  async part(): Promise<void> {
    await goHome(...this.people);
  }

  private async reportLateSound(startedAt: number, mended: number, late: number): Promise<void> {
    const when = `${((mended - startedAt) / 1000).toFixed(1)} s after the fault began it was mended`;
    process.stdout.write(`Sound was late by ${late} ms: ${when}\n`);
    for (const { name, page } of this.people) {
      const gaps = gapsIn(await flowSince(page, startedAt)).map(
        ({ from, to, concealed }) => `${from - startedAt}-${to - startedAt} (${Math.round(concealed)} made up)`,
      );
      process.stdout.write(`  ${name}: gaps ${gaps.join(', ')} ms; ${await storySince(page, startedAt)}\n`);
    }
  }

  private async soundBack(page: Person['page'], since: number): Promise<number> {
    let back = since;
    const steady = async (): Promise<boolean> => {
      const notes = await flowSince(page, since);
      back = gapsIn(notes).at(-1)?.to ?? since;
      // Too few notes since the fault mean that not enough was observed.
      const observedLongEnough = (notes.at(-1)?.at ?? 0) - (notes[0]?.at ?? 0) >= STEADY_MS;
      return observedLongEnough && Date.now() - Math.max(back, since) >= STEADY_MS;
    };
    await expect.poll(steady, { message: 'sound is back', timeout: PATIENCE_MS, intervals: [500] }).toBe(true);
    return back;
  }
}
