import { MethodNotes } from '../method-notes';

/**
 * Everything that is done later and must not be lost, with what its handler needs to know: JSON, without texts of
 * people, which would outlive them there; null for what is done on a schedule.
 */
export interface JobKinds {
  /** Guests who cannot come back are deleted. */
  'guests.delete-expired': null;
  /** Rows of calls and rings that a crashed process has left open are closed. */
  'calls.close-stale': null;
  /** Devices that were not used for long are noted, and pairing requests whose time is over deleted. */
  'devices.tidy': null;
  /** Welcomes and requests for keys that no device has fetched in time are deleted. */
  'groups.tidy': null;
}

export type JobKind = keyof JobKinds;

/** The kinds that the clock enqueues, and nobody else. */
export type ScheduledJobKind = { [K in JobKind]: JobKinds[K] extends null ? K : never }[JobKind];

/** One run of a job. */
export interface JobRun {
  /**
   * The same for every attempt of the job. A process can die after the effect of a job and before that is known, so
   * each job may run more than once: its handler makes sure that the effect happens once, such as by a row whose key is
   * this id.
   */
  readonly id: string;
  /** Aborts when the result no longer counts: the time is up, the server stops, or another replica has the job now. */
  readonly signal: AbortSignal;
}

/** Does a job; a failure has it tried again later. */
type JobHandlerMethod<K extends JobKind> = (payload: JobKinds[K], run: JobRun) => Promise<void>;

/** How often a scheduled kind is done. */
interface JobPlan {
  /** Five fields of cron, in UTC. */
  cron: string;
  /** Whether it is done as well when a server starts. */
  atStart: boolean;
}

/** How a handler differs from others. */
interface JobHandlerOptions {
  /** How often a failed job is tried again before it is dead: for about an hour by default. */
  retryLimit?: number;
}

/** What `@JobHandler` and `@JobSchedule` note at a method. */
export interface JobAssignment extends JobHandlerOptions {
  kind: JobKind;
  plan?: JobPlan;
}

/** The notes of `@JobHandler` and `@JobSchedule`. */
export const jobAssignments = new MethodNotes<JobAssignment>();

/** Calls the method for each job of a kind, on one replica at a time, until it has succeeded or failed too often. */
export function JobHandler<K extends Exclude<JobKind, ScheduledJobKind>>(kind: K, options: JobHandlerOptions = {}) {
  return <H extends JobHandlerMethod<K>>(target: object, method: string, _: TypedPropertyDescriptor<H>): void =>
    jobAssignments.addNote(target, method, { kind, ...options });
}

/** Calls the method on a schedule, on one replica at a time, however many there are. Missed times are not made up for. */
export function JobSchedule<K extends ScheduledJobKind>(kind: K, cron: string, { atStart = false } = {}) {
  return <H extends JobHandlerMethod<K>>(target: object, method: string, _: TypedPropertyDescriptor<H>): void =>
    jobAssignments.addNote(target, method, { kind, plan: { cron, atStart } });
}
