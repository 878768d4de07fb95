import { Scope } from '@webcall/base';
import type { DescriptionDto } from '@webcall/contracts';
import { Negotiation, type SignalPart } from './negotiation';
import { FakeConnection } from './testing/fake-connection';

function start(polite: boolean): {
  pc: FakeConnection;
  negotiation: Negotiation;
  sent: SignalPart[];
  withdraw: jest.Mock;
  scope: Scope;
} {
  const pc = new FakeConnection();
  const sent: SignalPart[] = [];
  const withdraw = jest.fn();
  const scope = new Scope();
  const hooks = { send: (part: SignalPart) => void sent.push(part), withdraw, prepareAnswer: async () => undefined };
  const negotiation = new Negotiation(
    pc as unknown as RTCPeerConnection,
    polite,
    { ...hooks, agreed: () => undefined, restarting: () => undefined, nothingFound: () => undefined },
    scope,
  );
  return { pc, negotiation, sent, withdraw, scope };
}

const theirs = (type: 'offer' | 'answer', ufrag = 'u'): DescriptionDto => ({ type, sdp: `a=ice-ufrag:${ufrag}` });
const types = (sent: SignalPart[]): string[] =>
  sent.map((part) => ('description' in part ? part.description.type : 'candidate'));

describe('Negotiation', () => {
  it('begins no step before the last one has ended', async () => {
    const { pc, negotiation } = start(true);
    await Promise.all([negotiation.sendFirstOffer(), negotiation.handleRemoteDescription(theirs('offer'))]);
    expect(pc.steps).toEqual([
      'begin offer',
      'end offer',
      'begin offer of theirs',
      'end offer of theirs',
      'begin answer',
      'end answer',
    ]);
  });

  it('yields when both offer and it is polite, and withdraws its own offer', async () => {
    const { negotiation, sent, withdraw } = start(true);
    await negotiation.sendFirstOffer();
    await negotiation.handleRemoteDescription(theirs('offer'));
    expect(withdraw).toHaveBeenCalledTimes(1);
    expect(types(sent)).toEqual(['offer', 'answer']);
  });

  it('insists when both offer and it is not polite', async () => {
    const { pc, negotiation, sent } = start(false);
    await negotiation.sendFirstOffer();
    await negotiation.handleRemoteDescription(theirs('offer'));
    expect(types(sent)).toEqual(['offer']);
    await negotiation.handleRemoteDescription(theirs('answer'));
    expect(pc.signalingState).toBe('stable');
  });

  it('ignores an answer without an offer', async () => {
    const { pc, negotiation } = start(true);
    await negotiation.handleRemoteDescription(theirs('answer'));
    expect(pc.remoteDescription).toBeNull();
  });

  it('keeps candidates until their description is set, also those of a restart', async () => {
    const { pc, negotiation } = start(true);
    await negotiation.handleRemoteCandidate({ candidate: 'first', usernameFragment: 'one' });
    expect(pc.candidates).toEqual([]);
    await negotiation.handleRemoteDescription(theirs('offer', 'one'));
    expect(pc.candidates).toEqual(['first']);
    await negotiation.handleRemoteCandidate({ candidate: 'second', usernameFragment: 'two' });
    expect(pc.candidates).toEqual(['first']);
    await negotiation.handleRemoteDescription(theirs('offer', 'two'));
    expect(pc.candidates).toEqual(['first', 'second']);
  });

  it('restarts only once while the offer is unanswered', async () => {
    const { pc, negotiation } = start(false);
    await negotiation.restartNegotiation(false);
    await negotiation.restartNegotiation(false);
    await negotiation.handleRemoteDescription(theirs('answer'));
    expect(pc.restarts).toBe(1);
  });

  it('restarts again after the answer when the network has changed in between', async () => {
    const { pc, negotiation, sent } = start(false);
    await negotiation.restartNegotiation(true);
    await negotiation.restartNegotiation(true);
    expect(pc.restarts).toBe(1);
    await negotiation.handleRemoteDescription(theirs('answer'));
    expect(pc.restarts).toBe(2);
    expect(types(sent)).toEqual(['offer', 'offer']);
  });

  it('goes on after a step that failed', async () => {
    const { pc, negotiation, sent } = start(false);
    jest.spyOn(pc, 'setRemoteDescription').mockRejectedValueOnce(new Error('odd'));
    await expect(negotiation.handleRemoteDescription(theirs('offer'))).rejects.toThrow('odd');
    await negotiation.sendFirstOffer();
    expect(types(sent)).toEqual(['offer']);
  });

  it('does nothing after its scope has ended', async () => {
    const { pc, negotiation, scope } = start(false);
    scope.closeScope();
    await negotiation.sendFirstOffer();
    expect(pc.steps).toEqual([]);
  });
});
