import { SignalInbox } from './signal-inbox';

describe('SignalInbox', () => {
  it('accepts each id once', () => {
    const inbox = new SignalInbox();
    expect(inbox.registerDelivery({ from: 'ann', id: '1' })).toBe(true);
    expect(inbox.registerDelivery({ from: 'ann', id: '2' })).toBe(true);
    expect(inbox.registerDelivery({ from: 'ann', id: '1' })).toBe(false);
  });

  it('accepts every signal without an id', () => {
    const inbox = new SignalInbox();
    expect([inbox.registerDelivery({ from: 'ann' }), inbox.registerDelivery({ from: 'ann' })]).toEqual([true, true]);
  });

  it('forgets the oldest ids only', () => {
    const inbox = new SignalInbox();
    for (let i = 0; i <= 2000; i++) inbox.registerDelivery({ from: 'ann', id: `${i}` });
    expect(inbox.registerDelivery({ from: 'ann', id: '2000' })).toBe(false);
    expect(inbox.registerDelivery({ from: 'ann', id: '0' })).toBe(true);
  });
});
