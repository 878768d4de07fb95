import { ForgottenFinder } from './forgotten-finder';

describe('what the store has lost', () => {
  const findMissing = jest.fn<Promise<string[]>, []>();
  let finder: ForgottenFinder<string>;
  beforeEach(() => {
    findMissing.mockReset();
    finder = new ForgottenFinder(findMissing);
  });
  const check = (...missing: string[]): Promise<string[]> => {
    findMissing.mockResolvedValueOnce(missing);
    return finder.findForgotten();
  };

  it('is found when it is missing twice in a row', async () => {
    expect([await check('seat'), finder.hasSuspects]).toEqual([[], true]);
    expect(await check('seat', 'another')).toEqual(['seat']);
    expect(await check('another')).toEqual(['another']);
    expect([await check(), finder.hasSuspects]).toEqual([[], false]);
  });

  it('is not found when it came in between', async () => {
    for (const missing of [['seat'], [], ['seat'], []]) expect(await check(...missing)).toEqual([]);
  });

  it('is not found by two checks at once, which have looked at the same moment', async () => {
    expect(await Promise.all([check('seat'), check('seat')])).toEqual([[], []]);
    expect(findMissing).toHaveBeenCalledTimes(1);
  });

  it('is still found after a check that failed', async () => {
    await check('seat');
    findMissing.mockReset();
    findMissing.mockRejectedValueOnce(new Error('the store is away'));
    await expect(finder.findForgotten()).rejects.toThrow('away');
    expect(await check('seat')).toEqual(['seat']);
  });
});
