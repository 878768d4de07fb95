/** Quieter than this is not speech, 0 to 1. */
const SPEECH = 0.03;
/** How long someone must be the loudest before the others look. */
const TAKES_MS = 600;
/** How long a speaker may pause. */
const PAUSE_MS = 2500;

/** Finds who speaks, without jumping at each cough. */
export class SpeakerTracker {
  private speaker: string | null = null;
  private heardAt = 0;
  private rival: { id: string; since: number } | null = null;

  /**
   * @param levels how loud each one is, 0 to 1; who is not in it has left
   * @param now any clock in ms
   * @returns who speaks, or null
   */
  update(levels: ReadonlyMap<string, number>, now: number): string | null {
    const loudest = loudestOf(levels);
    if (loudest === null || loudest === this.speaker) this.rival = null;
    else if (this.rival?.id !== loudest) this.rival = { id: loudest, since: now };

    if (this.rival && now - this.rival.since >= TAKES_MS) {
      this.speaker = this.rival.id;
      this.rival = null;
    }
    if (this.speaker === null) return null;
    const level = levels.get(this.speaker);
    if (level !== undefined && level >= SPEECH) this.heardAt = now;
    if (level === undefined || now - this.heardAt > PAUSE_MS) this.speaker = null;
    return this.speaker;
  }
}

function loudestOf(levels: ReadonlyMap<string, number>): string | null {
  let loudest: string | null = null;
  for (const [id, level] of levels) {
    if (level >= SPEECH && level > (levels.get(loudest ?? '') ?? 0)) loudest = id;
  }
  return loudest;
}
