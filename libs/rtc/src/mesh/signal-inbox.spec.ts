import { SignalInbox } from './signal-inbox';

describe('SignalInbox', () => {
  it('takes each id once', () => {
    const inbox = new SignalInbox();
    expect(inbox.isNew({ from: 'ann', id: '1' })).toBe(true);
    expect(inbox.isNew({ from: 'ann', id: '2' })).toBe(true);
    expect(inbox.isNew({ from: 'ann', id: '1' })).toBe(false);
  });

  it('takes every signal without an id', () => {
    const inbox = new SignalInbox();
    expect([inbox.isNew({ from: 'ann' }), inbox.isNew({ from: 'ann' })]).toEqual([true, true]);
  });

  it('forgets the oldest ids only', () => {
    const inbox = new SignalInbox();
    for (let i = 0; i <= 2000; i++) inbox.isNew({ from: 'ann', id: `${i}` });
    expect(inbox.isNew({ from: 'ann', id: '2000' })).toBe(false);
    expect(inbox.isNew({ from: 'ann', id: '0' })).toBe(true);
  });
});
