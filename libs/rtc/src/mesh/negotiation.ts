import { Mutex, type Scope } from '@webcall/base';
import type { CandidateDto, DescriptionDto } from '@webcall/contracts';
import { requestOpusDtxAndFec } from './opus-parameters';

/** The content of one signal. */
export type SignalPart = { description: DescriptionDto } | { candidate: CandidateDto };

/** The functions of its link that a negotiation uses. */
export interface NegotiationHooks {
  /** Sends to the other side. */
  send: (part: SignalPart) => void;
  /** Called when we yield to their offer: discards the signals of our own offer that are still on their way. */
  withdraw: () => void;
  /** Called when an offer was applied: prepares our media before the answer is made. */
  prepareAnswer: () => Promise<void>;
  /** Called when both descriptions are set. */
  agreed: () => void;
  /** Called when we begin to search for a new path. */
  restarting: () => void;
  /** Called when the search for our own addresses has ended without one that others can reach. */
  nothingFound: () => void;
}

/**
 * The perfect negotiation of one RTCPeerConnection. All steps run under one lock, so that an offer never meets our own
 * half-made one (which blocks Chromium for good) and the signaling state alone shows whether two offers collide.
 */
export class Negotiation {
  private readonly lock = new Mutex();
  private early: CandidateDto[] = [];
  private restartWanted = false;
  private found = 0;

  /** @param polite whether this side yields when both sides offer at once. */
  constructor(
    private readonly pc: RTCPeerConnection,
    private readonly polite: boolean,
    private readonly hooks: NegotiationHooks,
    private readonly scope: Scope,
  ) {
    scope.listenToEvent(pc, 'icecandidate', (event) => {
      const candidate = (event as RTCPeerConnectionIceEvent).candidate;
      if (!candidate?.candidate) return;
      if (this.isReachableCandidate(candidate.candidate)) this.found++;
      hooks.send({ candidate: toCandidateDto(candidate) });
    });
    scope.listenToEvent(pc, 'icegatheringstatechange', () => {
      if (pc.iceGatheringState === 'gathering') this.found = 0;
      else if (pc.iceGatheringState === 'complete' && this.found === 0) hooks.nothingFound();
    });
  }

  /** Sends the first offer. */
  sendFirstOffer(): Promise<void> {
    return this.runWhileOpen(() => this.createAndSendOffer());
  }

  /**
   * Searches for a new path (ICE restart). An unanswered offer of ours is enough, unless `again` is set: then another
   * one follows its answer.
   */
  restartNegotiation(again: boolean): Promise<void> {
    return this.runWhileOpen(async () => {
      this.restartWanted ||= again || this.pc.signalingState === 'stable';
      await this.restartIfRequested();
    });
  }

  /** Applies the other side's offer or answer. */
  handleRemoteDescription(description: DescriptionDto): Promise<void> {
    return this.runWhileOpen(async () => {
      if (description.type === 'offer') await this.acceptRemoteOffer(description);
      else if (description.type === 'answer') await this.acceptRemoteAnswer(description);
    });
  }

  /** Applies a candidate, also one that arrives before its description. */
  handleRemoteCandidate(candidate: CandidateDto): Promise<void> {
    return this.runWhileOpen(async () => {
      if (this.isEarlyCandidate(candidate)) this.early.push(candidate);
      else await this.pc.addIceCandidate(candidate);
    });
  }

  private runWhileOpen(task: () => Promise<void>): Promise<void> {
    return this.lock.runExclusive(async () => {
      if (!this.scope.isClosed) await task();
    });
  }

  private async createAndSendOffer(): Promise<void> {
    await this.pc.setLocalDescription();
    this.sendLocalDescription();
  }

  private async acceptRemoteOffer(offer: DescriptionDto): Promise<void> {
    if (this.pc.signalingState === 'have-local-offer') {
      if (!this.polite) return;
      this.hooks.withdraw();
    }
    await this.pc.setRemoteDescription(offer);
    await this.hooks.prepareAnswer();
    await this.pc.setLocalDescription();
    this.sendLocalDescription();
    // Every later offer is a restart, so theirs replaces the one that we wanted.
    this.restartWanted = false;
    await this.completeAgreement();
  }

  private async acceptRemoteAnswer(answer: DescriptionDto): Promise<void> {
    if (this.pc.signalingState !== 'have-local-offer') return;
    await this.pc.setRemoteDescription(answer);
    await this.completeAgreement();
    await this.restartIfRequested();
  }

  private async completeAgreement(): Promise<void> {
    this.hooks.agreed();
    const candidates = this.early.filter((candidate) => !this.isEarlyCandidate(candidate));
    this.early = this.early.filter((candidate) => this.isEarlyCandidate(candidate));
    for (const candidate of candidates) await this.pc.addIceCandidate(candidate);
  }

  private async restartIfRequested(): Promise<void> {
    if (!this.restartWanted || this.pc.signalingState !== 'stable') return;
    this.restartWanted = false;
    this.hooks.restarting();
    this.pc.restartIce();
    await this.createAndSendOffer();
  }

  /** Whether the description of the candidate is not set yet: the first one, or that of a restart. */
  private isEarlyCandidate({ usernameFragment }: CandidateDto): boolean {
    const sdp = this.pc.remoteDescription?.sdp;
    return !sdp || (!!usernameFragment && !sdp.includes(`a=ice-ufrag:${usernameFragment}`));
  }

  /** With ICE servers configured, a host address alone shows that none of the servers was reached yet. */
  private isReachableCandidate(candidate: string): boolean {
    return !/ typ host\b/.test(candidate) || !this.pc.getConfiguration().iceServers?.length;
  }

  private sendLocalDescription(): void {
    const local = this.pc.localDescription;
    if (local) this.hooks.send({ description: { type: local.type, sdp: requestOpusDtxAndFec(local.sdp) } });
  }
}

function toCandidateDto({ candidate, sdpMid, sdpMLineIndex, usernameFragment }: RTCIceCandidate): CandidateDto {
  return { candidate, sdpMid, sdpMLineIndex, usernameFragment };
}
