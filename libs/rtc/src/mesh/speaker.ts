/** Quieter than this is not speech, 0 to 1. */
const SPEECH = 0.02;
/** How many of the newest levels count: 1.2 s. */
const WINDOW = 6;
/** How many of them must be speech before the others look: longer than a cough, with room for the gaps between words. */
const VOICED = 3;
/** How much louder than someone who still speaks another one must be. */
const LOUDER = 1.5;
/** How many levels of silence a speaker may pause: 2.4 s. */
const PAUSE = 12;

/** Finds who speaks, without jumping at each cough. */
export class SpeakerTracker {
  private readonly recent = new Map<string, readonly number[]>();
  private speaker: string | null = null;
  private silence = 0;

  /**
   * To be called every 200 ms.
   * @param levels how loud each one is, 0 to 1; who is not in it has left
   * @returns who speaks, or null
   */
  update(levels: ReadonlyMap<string, number>): string | null {
    for (const id of this.recent.keys()) if (!levels.has(id)) this.recent.delete(id);
    for (const [id, level] of levels) this.recent.set(id, [...(this.recent.get(id) ?? []), level].slice(-WINDOW));

    const current = this.speaker === null ? 0 : this.loudness(this.speaker);
    const rival = this.loudest();
    if (rival !== null && (current === 0 || this.loudness(rival) > current * LOUDER)) this.speaker = rival;
    if (this.speaker === null) return null;
    this.silence = this.loudness(this.speaker) > 0 ? 0 : this.silence + 1;
    if (this.silence > PAUSE - WINDOW || !levels.has(this.speaker)) this.speaker = null;
    return this.speaker;
  }

  private loudest(): string | null {
    const speaking = [...this.recent.keys()].filter((id) => this.speech(id).length >= VOICED);
    return speaking.sort((a, b) => this.loudness(b) - this.loudness(a))[0] ?? null;
  }

  private loudness(id: string): number {
    return this.speech(id).reduce((sum, level) => sum + level, 0);
  }

  private speech(id: string): readonly number[] {
    return (this.recent.get(id) ?? []).filter((level) => level >= SPEECH);
  }
}
