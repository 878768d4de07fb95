import type { MediaKind } from '@webcall/domain';
import fc from 'fast-check';
import { MediaWatch, type MediaWatchVerdict } from './media-watch';

/** Checks the media flow every 2 s; `flow` and `answers` give the new packets and path answers of each check. */
function watch(
  looks: number,
  flow: (look: number) => Partial<Record<MediaKind, number>>,
  answers: (look: number) => number | null = () => 1,
): (MediaWatchVerdict | null)[] {
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
    return it.checkMediaFlow(look * 2000, packets, more === null ? null : answered);
  });
}

const firsts = (verdicts: (MediaWatchVerdict | null)[]): [MediaWatchVerdict, number][] =>
  verdicts.flatMap((verdict, look) => (verdict ? [[verdict, look * 2] as [MediaWatchVerdict, number]] : []));

describe('MediaWatch', () => {
  it('reports nothing while media flow, even one packet at a time as in silence', () => {
    expect(firsts(watch(60, () => ({ microphone: 1, camera: 40 })))).toEqual([]);
  });

  it('reports media that stand still for 5 s, first for another path, then for another connection', () => {
    const verdicts = firsts(watch(20, (look) => ({ microphone: look < 5 ? 50 : 0 })));
    expect(verdicts.slice(0, 2)).toEqual([
      ['restart', 14],
      ['rebuild', 22],
    ]);
  });

  it('leaves a path without answers to ICE, which notices it within 7 s, but reports it after 10 s', () => {
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

  it('reports it after 5 s too where the browser reports no answers of the path', () => {
    const flow = (look: number) => ({ microphone: look < 5 ? 50 : 0 });
    expect(firsts(watch(10, flow, () => null))[0]).toEqual(['restart', 14]);
  });

  it('reports media that never arrived', () => {
    expect(firsts(watch(5, () => ({ camera: 0 })))).toEqual([['restart', 6]]);
  });

  it('reports when all media flow again', () => {
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

  it('asks for only one new connection for a picture while the sound arrives', () => {
    const verdicts = firsts(watch(200, () => ({ microphone: 50, camera: 0 })));
    expect(verdicts.map(([verdict]) => verdict)).toEqual(['restart', 'rebuild']);
  });

  it('does not expect media that are off', () => {
    expect(firsts(watch(20, (look) => (look < 5 ? { camera: 40 } : {})))).toEqual([]);
  });

  it('starts counting when media are turned on', () => {
    expect(firsts(watch(12, (look) => (look < 5 ? {} : { camera: 0 })))).toEqual([['restart', 16]]);
  });

  it('never reports a kind within 5 s of its last packet', () => {
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
