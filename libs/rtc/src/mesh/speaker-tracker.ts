/** Lowest level that counts as speech, 0 to 1. */
const MIN_SPEECH_LEVEL = 0.02;
/** How many of the newest levels count: 1.2 s. */
const LEVEL_WINDOW = 6;
/** How many of them must be speech to become the speaker: longer than a cough, but with gaps between words allowed. */
const MIN_VOICED_LEVELS = 3;
/** How much louder another participant must be to replace a speaker who still speaks. */
const LOUDER_FACTOR = 1.5;
/** How many levels of silence a speaker may pause: 2.4 s. */
const MAX_PAUSE_LEVELS = 12;

/** Finds the participant who speaks, without switching at each cough. */
export class SpeakerTracker {
  private readonly recent = new Map<string, readonly number[]>();
  private speaker: string | null = null;
  private silence = 0;

  /**
   * To be called every 200 ms.
   * @param levels how loud each participant is, 0 to 1; participants who are missing have left
   * @returns the participant who speaks, or null
   */
  updateSpeaker(levels: ReadonlyMap<string, number>): string | null {
    for (const id of this.recent.keys()) if (!levels.has(id)) this.recent.delete(id);
    for (const [id, level] of levels) this.recent.set(id, [...(this.recent.get(id) ?? []), level].slice(-LEVEL_WINDOW));

    const current = this.speaker === null ? 0 : this.speechLoudnessOf(this.speaker);
    const rival = this.findLoudestSpeaker();
    if (rival !== null && (current === 0 || this.speechLoudnessOf(rival) > current * LOUDER_FACTOR))
      this.speaker = rival;
    if (this.speaker === null) return null;
    this.silence = this.speechLoudnessOf(this.speaker) > 0 ? 0 : this.silence + 1;
    if (this.silence > MAX_PAUSE_LEVELS - LEVEL_WINDOW || !levels.has(this.speaker)) this.speaker = null;
    return this.speaker;
  }

  private findLoudestSpeaker(): string | null {
    const speaking = [...this.recent.keys()].filter((id) => this.speechLevelsOf(id).length >= MIN_VOICED_LEVELS);
    return speaking.sort((a, b) => this.speechLoudnessOf(b) - this.speechLoudnessOf(a))[0] ?? null;
  }

  private speechLoudnessOf(id: string): number {
    return this.speechLevelsOf(id).reduce((sum, level) => sum + level, 0);
  }

  private speechLevelsOf(id: string): readonly number[] {
    return (this.recent.get(id) ?? []).filter((level) => level >= MIN_SPEECH_LEVEL);
  }
}
