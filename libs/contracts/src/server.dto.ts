/** What a server has for calls. */
export class ServerDto {
  /**
   * Whether it has a relay (TURN) server, through which calls can go where nothing else lets them through.
   * @example true
   */
  relay!: boolean;
}
