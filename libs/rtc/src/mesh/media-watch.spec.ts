import fc from 'fast-check';
import type { MediaKind } from '@webcall/domain';
import { MediaWatch, type WatchVerdict } from './media-watch';

/** Looks every 2 s at what has arrived: packets and answers of the path per look, by the number of the look. */
function watch(
  looks: number,
  flow: (look: number) => Partial<Record<MediaKind, number>>,
  answers: (look: number) => number | null = () => 1,
): (WatchVerdict | null)[] {
  const it = new MediaWatch();
  const totals = new Map<MediaKind, number>();
  let answered = 0;
  return Array.from({ length: looks }, (_, look) => {
    const now = flow(look);
    const packets = new Map(
      (Object.entries(now) as [MediaKind, number][]).map(([kind, more]) => {
        const total = (totals.get(kind) ?? 0) + more;
        totals.set(kind, total);
        return [kind, total];
      }),
    );
    const more = answers(look);
    answered += more ?? 0;
    return it.look(look * 2000, packets, more === null ? null : answered);
  });
}

const firsts = (verdicts: (WatchVerdict | null)[]): [WatchVerdict, number][] =>
  verdicts.flatMap((verdict, look) => (verdict ? [[verdict, look * 2] as [WatchVerdict, number]] : []));

describe('MediaWatch', () => {
  it('says nothing about media that flow, be it one packet at a time as in silence', () => {
    expect(firsts(watch(60, () => ({ microphone: 1, camera: 40 })))).toEqual([]);
  });

  it('finds what stands still for 5 s, tries another path first and another connection next', () => {
    const verdicts = firsts(watch(20, (look) => ({ microphone: look < 5 ? 50 : 0 })));
    expect(verdicts.slice(0, 2)).toEqual([
      ['restart', 14],
      ['rebuild', 22],
    ]);
  });

  it('leaves a path that answers no more to ICE, which finds it within 7 s, and steps in after 10 s all the same', () => {
    const cut = (look: number) => (look < 5 ? 1 : 0);
    const verdicts = firsts(
      watch(
        12,
        (look) => ({ microphone: 50 * cut(look) }),
        (look) => cut(look),
      ),
    );
    expect(verdicts[0]).toEqual(['restart', 18]);
  });

  it('finds it as soon where the browser tells nothing of the path', () => {
    const flow = (look: number) => ({ microphone: look < 5 ? 50 : 0 });
    expect(firsts(watch(10, flow, () => null))[0]).toEqual(['restart', 14]);
  });

  it('finds what never came', () => {
    expect(firsts(watch(5, () => ({ camera: 0 })))).toEqual([['restart', 6]]);
  });

  it('says when all of it flows again', () => {
    const flow = (look: number) => ({
      microphone: look < 5 || look > 8 ? 50 : 0,
      camera: look < 5 || look > 9 ? 50 : 0,
    });
    expect(firsts(watch(20, flow))).toEqual([
      ['restart', 14],
      ['mended', 20],
    ]);
  });

  it('tries ever more rarely where nothing helps', () => {
    const at = firsts(watch(300, () => ({ microphone: 0 }))).map(([, second]) => second);
    const waits = at.slice(1).map((second, i) => second - (at[i] ?? 0));
    expect(waits).toEqual([...waits].sort((a, b) => a - b));
    expect(waits.at(-1)).toBeGreaterThanOrEqual(60);
  });

  it('gives a picture one new connection and no more while the sound arrives', () => {
    const verdicts = firsts(watch(200, () => ({ microphone: 50, camera: 0 })));
    expect(verdicts.map(([verdict]) => verdict)).toEqual(['restart', 'rebuild']);
  });

  it('does not wait for what is off', () => {
    expect(firsts(watch(20, (look) => (look < 5 ? { camera: 40 } : {})))).toEqual([]);
  });

  it('counts from the moment when something is turned on', () => {
    expect(firsts(watch(12, (look) => (look < 5 ? {} : { camera: 0 })))).toEqual([['restart', 16]]);
  });

  it('never complains of a kind within 5 s of its last packet', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 1, maxLength: 60 }), (flow) => {
        const verdicts = watch(flow.length, (look) => ({ microphone: flow[look] ?? 0 }));
        verdicts.forEach((verdict, look) => {
          if (verdict === 'restart' || verdict === 'rebuild') {
            expect(flow.slice(Math.max(0, look - 2), look + 1)).not.toContain(1);
          }
        });
      }),
    );
  });
});
