import { Emitter, type Scope } from '@webcall/base';
import type { CandidateDto, DescriptionDto, IceServer } from '@webcall/contracts';
import type { MediaKind } from '@webcall/domain';
import { ControlChannel } from './control-channel';
import { type LocalMedia, MediaSlots, type SendingConditions } from './media-slots';
import { Negotiation, type SignalPart } from './negotiation';

/** Settings for the paths of media. */
export interface IceSettings {
  servers: readonly IceServer[];
  /** Use TURN servers only, so that the other side does not learn this device's address. */
  relayOnly: boolean;
}

/** Options of an attempt. */
export interface LinkAttemptOptions {
  /** The id in the field `link` of its signals. */
  link: string;
  /** Whether this side made the attempt and so offers first. */
  mine: boolean;
  /** Whether this side yields when both sides offer at once later on. */
  polite: boolean;
  ice: IceSettings;
  local: LocalMedia;
  send: (part: SignalPart) => void;
  /** Discards the signals of this attempt that are still on their way. */
  withdraw: () => void;
}

/** Events of an attempt. */
export interface LinkAttemptEvents {
  /** Both descriptions are set, for the first time or again. */
  agreed: void;
  /** This side searches for a new path. */
  restarting: void;
  /** This device has no address that a path could use. */
  nothingFound: void;
  /** The state of its connection has changed. */
  changed: void;
  /** A step failed; the link makes a new attempt if this one does not connect. */
  failure: unknown;
}

/** One attempt to link two participants: one RTCPeerConnection with its negotiation, until it is replaced. */
export class LinkAttempt {
  readonly events = new Emitter<LinkAttemptEvents>();
  readonly pc: RTCPeerConnection;
  readonly slots: MediaSlots;
  readonly control: ControlChannel;
  private readonly negotiation: Negotiation;
  private agreedOnce = false;
  private wasConnected = false;

  /** @param scope ends with the attempt and closes its connection. */
  constructor(
    readonly options: LinkAttemptOptions,
    private readonly scope: Scope,
  ) {
    this.pc = new RTCPeerConnection({ ...toRtcConfiguration(options.ice), bundlePolicy: 'max-bundle' });
    this.slots = new MediaSlots(this.pc, options.local);
    this.control = new ControlChannel(this.pc, scope);
    const { send, withdraw } = options;
    const prepareAnswer = (): Promise<void> => this.slots.adoptTransceivers();
    const agreed = (): void => this.markAgreed();
    const restarting = (): void => this.events.emit('restarting', undefined);
    const nothingFound = (): void => this.events.emit('nothingFound', undefined);
    const hooks = { send, withdraw, prepareAnswer, agreed, restarting, nothingFound };
    this.negotiation = new Negotiation(this.pc, options.polite, hooks, scope);
    scope.listenToEvent(this.pc, 'connectionstatechange', () => this.handleConnectionState());
    scope.listenToEvent(this.pc, 'iceconnectionstatechange', () => this.events.emit('changed', undefined));
    scope.addCleanup(() => this.events.removeAllHandlers());
    scope.addCleanup(() => this.pc.close());
  }

  /** Whether both descriptions are set. */
  get agreed(): boolean {
    return this.agreedOnce;
  }

  /** Whether the connection was ever up. */
  get everConnected(): boolean {
    return this.wasConnected;
  }

  /** Makes the transceivers and sends the first offer. */
  startOffering(): void {
    this.slots.createTransceivers();
    this.reportStepFailure(this.negotiation.sendFirstOffer());
  }

  /** Takes the content of a signal of this attempt. */
  handleAttemptSignal(description: DescriptionDto | undefined, candidate: CandidateDto | undefined): void {
    if (description) this.reportStepFailure(this.negotiation.handleRemoteDescription(description));
    if (candidate) this.reportStepFailure(this.negotiation.handleRemoteCandidate(candidate));
  }

  /** Searches for a new path. `again`: also during such a search, because its candidates are useless. */
  requestIceRestart(again = false): void {
    this.reportStepFailure(this.negotiation.restartNegotiation(again));
  }

  /** Sends the device's present track of that kind. */
  replaceLocalTrack(kind: MediaKind): void {
    this.reportStepFailure(this.slots.replaceSentTrack(kind));
  }

  /** Adapts all sending to the conditions. */
  applySendingConditions(conditions: SendingConditions): void {
    if (this.agreedOnce) this.reportStepFailure(this.slots.tuneAllSenders(conditions));
  }

  /** Uses these settings from the next restart on. */
  setIceSettings(ice: IceSettings): void {
    this.pc.setConfiguration({ ...this.pc.getConfiguration(), ...toRtcConfiguration(ice) });
  }

  private markAgreed(): void {
    this.agreedOnce = true;
    this.events.emit('agreed', undefined);
  }

  private handleConnectionState(): void {
    if (this.pc.connectionState === 'connected') this.wasConnected = true;
    this.events.emit('changed', undefined);
  }

  /** Closing an attempt during a step makes the step fail, which is not reported. */
  private reportStepFailure(step: Promise<void>): void {
    step.catch((error: unknown) => {
      if (!this.scope.isClosed) this.events.emit('failure', error);
    });
  }
}

function toRtcConfiguration({ servers, relayOnly }: IceSettings): RTCConfiguration {
  return { iceServers: [...servers], iceTransportPolicy: relayOnly ? 'relay' : 'all' };
}
