import type { CandidateDto, DescriptionDto } from '@webcall/contracts';
import { Lock, type Scope } from '@webcall/base';
import { askForQuietOpus } from './sdp';

/** What one signal carries. */
export type SignalPart = { description: DescriptionDto } | { candidate: CandidateDto };

/** What a negotiation asks of its link. */
export interface NegotiationHooks {
  /** Sends to the other side. */
  send: (part: SignalPart) => void;
  /** Our offer was taken back in favour of theirs: what of it is still on its way must not arrive any more. */
  withdraw: () => void;
  /** An offer was applied: readies what we send, before the answer is made. */
  prepareAnswer: () => Promise<void>;
  /** Both descriptions are set. */
  agreed: () => void;
  /** We begin to look for a new path. */
  restarting: () => void;
  /** All of our addresses were looked for, and there is none by which others could come. */
  nothingFound: () => void;
}

/**
 * The perfect negotiation of one RTCPeerConnection. All of it passes one lock, so that an offer never meets our own half
 * made one (that wedges Chromium for good) and the signaling state alone tells whether two offers collide.
 */
export class Negotiation {
  private readonly lock = new Lock();
  private early: CandidateDto[] = [];
  private restartWanted = false;
  private found = 0;

  /** @param polite yields when both sides offer at once. */
  constructor(
    private readonly pc: RTCPeerConnection,
    private readonly polite: boolean,
    private readonly hooks: NegotiationHooks,
    private readonly scope: Scope,
  ) {
    scope.listen(pc, 'icecandidate', (event) => {
      const candidate = (event as RTCPeerConnectionIceEvent).candidate;
      if (!candidate?.candidate) return;
      if (this.leadsOut(candidate.candidate)) this.found++;
      hooks.send({ candidate: plain(candidate) });
    });
    scope.listen(pc, 'icegatheringstatechange', () => {
      if (pc.iceGatheringState === 'gathering') this.found = 0;
      else if (pc.iceGatheringState === 'complete' && this.found === 0) hooks.nothingFound();
    });
  }

  /** The first offer. */
  offer(): Promise<void> {
    return this.locked(() => this.makeOffer());
  }

  /**
   * Looks for a new path (ICE restart). While an offer of ours is unanswered that one is enough;
   * `again` makes another one after its answer.
   */
  restart(again: boolean): Promise<void> {
    return this.locked(async () => {
      this.restartWanted ||= again || this.pc.signalingState === 'stable';
      await this.restartIfWanted();
    });
  }

  /** Takes the other side's offer or answer. */
  handleDescription(description: DescriptionDto): Promise<void> {
    return this.locked(async () => {
      if (description.type === 'offer') await this.takeOffer(description);
      else if (description.type === 'answer') await this.takeAnswer(description);
    });
  }

  /** Takes a candidate, also one that comes before its description. */
  handleCandidate(candidate: CandidateDto): Promise<void> {
    return this.locked(async () => {
      if (this.isEarly(candidate)) this.early.push(candidate);
      else await this.pc.addIceCandidate(candidate);
    });
  }

  private locked(task: () => Promise<void>): Promise<void> {
    return this.lock.run(async () => {
      if (!this.scope.closed) await task();
    });
  }

  private async makeOffer(): Promise<void> {
    await this.pc.setLocalDescription();
    this.sendLocal();
  }

  private async takeOffer(offer: DescriptionDto): Promise<void> {
    if (this.pc.signalingState === 'have-local-offer') {
      if (!this.polite) return;
      this.hooks.withdraw();
    }
    await this.pc.setRemoteDescription(offer);
    await this.hooks.prepareAnswer();
    await this.pc.setLocalDescription();
    this.sendLocal();
    // Every later offer is a restart, so theirs is also the one that we wanted.
    this.restartWanted = false;
    await this.settle();
  }

  private async takeAnswer(answer: DescriptionDto): Promise<void> {
    if (this.pc.signalingState !== 'have-local-offer') return;
    await this.pc.setRemoteDescription(answer);
    await this.settle();
    await this.restartIfWanted();
  }

  private async settle(): Promise<void> {
    this.hooks.agreed();
    const candidates = this.early.filter((candidate) => !this.isEarly(candidate));
    this.early = this.early.filter((candidate) => this.isEarly(candidate));
    for (const candidate of candidates) await this.pc.addIceCandidate(candidate);
  }

  private async restartIfWanted(): Promise<void> {
    if (!this.restartWanted || this.pc.signalingState !== 'stable') return;
    this.restartWanted = false;
    this.hooks.restarting();
    this.pc.restartIce();
    await this.makeOffer();
  }

  /** Whether its description is not set yet: the first one, or the one of a restart that it has overtaken. */
  private isEarly({ usernameFragment }: CandidateDto): boolean {
    const sdp = this.pc.remoteDescription?.sdp;
    return !sdp || (!!usernameFragment && !sdp.includes(`a=ice-ufrag:${usernameFragment}`));
  }

  /** Where there are servers to ask, an address that none of them has seen is a sign that they were not reached yet. */
  private leadsOut(candidate: string): boolean {
    return !/ typ host\b/.test(candidate) || !this.pc.getConfiguration().iceServers?.length;
  }

  private sendLocal(): void {
    const local = this.pc.localDescription;
    if (local) this.hooks.send({ description: { type: local.type, sdp: askForQuietOpus(local.sdp) } });
  }
}

function plain({ candidate, sdpMid, sdpMLineIndex, usernameFragment }: RTCIceCandidate): CandidateDto {
  return { candidate, sdpMid, sdpMLineIndex, usernameFragment };
}
