import { expect, test } from '@playwright/test';
import { CALL_CAPACITY } from '@webcall/domain';
import { setTimeout as pause } from 'node:timers/promises';
import { Crowd } from '../support/bots/crowd';
import type { Hearing } from '../support/bots/protocol';
import { atMost, inLab } from '../support/goals';
import { expectInflow, inflows } from '../support/media';
import { createRoom, freshName, goHome, joinCall, signUp } from '../support/people';
import { print } from './support/figures';

/** In the lab the call is full; elsewhere it is as large as a busy machine can handle, with several links each. */
const PEOPLE = inLab ? CALL_CAPACITY : 4;
const WINDOW_MS = inLab ? 40_000 : 10_000;

/** What every participant hears of the others, measured in the page and in the bots. */
type Hearings = Record<string, Hearing[]>;

const share = (before: Hearing, after: Hearing): number =>
  (after.concealed - before.concealed) / Math.max(1, after.samples - before.samples);

test(`one browser and ${PEOPLE - 1} others in a call: everybody hears everybody`, async ({ browser }) => {
  const anna = await signUp(browser, 'anna');
  const roomId = await createRoom(anna, 'Many');
  await joinCall(anna.page);
  const names = Array.from({ length: PEOPLE - 1 }, () => freshName('bot'));
  const crowd = await Crowd.enter(roomId, names);
  await expectInflow(anna.page, names.length, ['energy']);
  await expect(anna.page.getByTestId('tile')).toHaveCount(PEOPLE);

  const hear = async (): Promise<Hearings> => ({
    // The page cannot assign its links to participants; their number is enough.
    ...(await crowd.hear()),
    [anna.name]: (await inflows(anna.page)).map((inflow, i) => ({ ...inflow, name: `link ${i + 1}` })),
  });
  const countAudible = async (): Promise<number> =>
    Object.values(await hear())
      .flat()
      .filter(({ energy }) => energy > 0).length;
  await expect.poll(countAudible, { timeout: 30_000 }).toBe(PEOPLE * (PEOPLE - 1));

  const before = await hear();
  await pause(WINDOW_MS);
  const after = await hear();
  const rows = Object.entries(before).map(([who, hearings]) => {
    const pairs = hearings.map((hearing, i) => ({ before: hearing, after: after[who]![i]! }));
    const silent = pairs.filter((pair) => pair.after.energy <= pair.before.energy).length;
    return { who, heard: pairs.length - silent, shares: pairs.map((pair) => share(pair.before, pair.after)) };
  });
  const percent = (part: number): string => `${(100 * part).toFixed(2)} %`;
  print(
    `A call of ${PEOPLE}: sound over ${WINDOW_MS / 1000} s`,
    ['who', 'hears', 'concealed on average', 'concealed at most'],
    rows.map(({ who, heard, shares }) => [
      who === anna.name ? 'browser' : 'bot',
      heard,
      percent(shares.reduce((sum, one) => sum + one, 0) / shares.length),
      percent(Math.max(...shares)),
    ]),
  );
  for (const { who, heard, shares } of rows) {
    expect(heard, `${who} hears all the others`).toBe(PEOPLE - 1);
    expect(Math.max(...shares), `what ${who} hears is real`).toBeLessThan(atMost(0.02));
  }
  await crowd.leave();
  await expect.poll(() => anna.page.getByTestId('tile').count()).toBe(1);
  await goHome(anna);
});
