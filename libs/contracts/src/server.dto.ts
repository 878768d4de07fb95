/** The features of a server for calls. */
export class ServerDto {
  /**
   * Whether it has a relay (TURN) server, through which calls can go when no direct path works.
   * @example true
   */
  relay!: boolean;
}
