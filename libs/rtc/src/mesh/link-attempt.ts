import type { CandidateDto, DescriptionDto, IceServer } from '@webcall/contracts';
import type { MediaKind } from '@webcall/domain';
import { ControlChannel } from './control-channel';
import { Emitter, type Scope } from '@webcall/base';
import { MediaSlots, type LocalMedia, type SendingConditions } from './media-slots';
import { Negotiation, type SignalPart } from './negotiation';

/** By which way media may travel. */
export interface IceSettings {
  servers: readonly IceServer[];
  /** Through a TURN server only, so that the other side does not learn this device's address. */
  relayOnly: boolean;
}

/** What an attempt is made of. */
export interface AttemptOptions {
  /** The `link` of its signals. */
  link: string;
  /** Whether this side made it, and so offers first. */
  mine: boolean;
  /** Yields when both sides offer at once later on. */
  polite: boolean;
  ice: IceSettings;
  local: LocalMedia;
  send: (part: SignalPart) => void;
  /** What was sent of this attempt must not arrive any more. */
  withdraw: () => void;
}

/** What an attempt tells. */
export interface AttemptEvents {
  /** Both descriptions are set, for the first time or anew. */
  agreed: void;
  /** We look for a new path. */
  restarting: void;
  /** There is no address of ours by which a path could lead. */
  nothingFound: void;
  /** Its connection is in another state. */
  changed: void;
  /** A step of it went wrong; its link repairs that when it does not connect. */
  failure: unknown;
}

/** One try to link two participants: one RTCPeerConnection with its negotiation, until it is replaced. */
export class LinkAttempt {
  readonly events = new Emitter<AttemptEvents>();
  readonly pc: RTCPeerConnection;
  readonly slots: MediaSlots;
  readonly control: ControlChannel;
  private readonly negotiation: Negotiation;
  private agreedOnce = false;
  private wasConnected = false;

  /** @param scope ends with the attempt and closes its connection. */
  constructor(
    readonly options: AttemptOptions,
    private readonly scope: Scope,
  ) {
    this.pc = new RTCPeerConnection({ ...configurationOf(options.ice), bundlePolicy: 'max-bundle' });
    this.slots = new MediaSlots(this.pc, options.local);
    this.control = new ControlChannel(this.pc, scope);
    const { send, withdraw } = options;
    const prepareAnswer = (): Promise<void> => this.slots.adopt();
    const agreed = (): void => this.handleAgreed();
    const restarting = (): void => this.events.emit('restarting', undefined);
    const nothingFound = (): void => this.events.emit('nothingFound', undefined);
    const hooks = { send, withdraw, prepareAnswer, agreed, restarting, nothingFound };
    this.negotiation = new Negotiation(this.pc, options.polite, hooks, scope);
    scope.listen(this.pc, 'connectionstatechange', () => this.handleState());
    scope.listen(this.pc, 'iceconnectionstatechange', () => this.events.emit('changed', undefined));
    scope.add(() => this.events.clear());
    scope.add(() => this.pc.close());
  }

  /** Whether both descriptions are set. */
  get agreed(): boolean {
    return this.agreedOnce;
  }

  /** Whether media could flow at some time. */
  get everConnected(): boolean {
    return this.wasConnected;
  }

  /** Makes the transceivers and the first offer. */
  start(): void {
    this.slots.create();
    this.guard(this.negotiation.offer());
  }

  /** Takes what a signal of this attempt carries. */
  handle(description: DescriptionDto | undefined, candidate: CandidateDto | undefined): void {
    if (description) this.guard(this.negotiation.handleDescription(description));
    if (candidate) this.guard(this.negotiation.handleCandidate(candidate));
  }

  /** Looks for a new path between the two. `again`: also if it does so already, for its candidates are of no use. */
  restart(again = false): void {
    this.guard(this.negotiation.restart(again));
  }

  /** Sends what the device now has of that kind. */
  refresh(kind: MediaKind): void {
    this.guard(this.slots.refresh(kind));
  }

  /** Sends as much as the conditions allow. */
  tune(conditions: SendingConditions): void {
    if (this.agreedOnce) this.guard(this.slots.tune(conditions));
  }

  /** Looks for paths this way from the next restart on. */
  setIce(ice: IceSettings): void {
    this.pc.setConfiguration({ ...this.pc.getConfiguration(), ...configurationOf(ice) });
  }

  private handleAgreed(): void {
    this.agreedOnce = true;
    this.events.emit('agreed', undefined);
  }

  private handleState(): void {
    if (this.pc.connectionState === 'connected') this.wasConnected = true;
    this.events.emit('changed', undefined);
  }

  /** An attempt that was closed in the middle of a step fails that step; nobody needs to know. */
  private guard(step: Promise<void>): void {
    step.catch((error: unknown) => {
      if (!this.scope.closed) this.events.emit('failure', error);
    });
  }
}

function configurationOf({ servers, relayOnly }: IceSettings): RTCConfiguration {
  return { iceServers: [...servers], iceTransportPolicy: relayOnly ? 'relay' : 'all' };
}
