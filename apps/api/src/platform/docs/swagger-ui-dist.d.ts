/** The package brings no types. */
declare module 'swagger-ui-dist' {
  /** @returns the folder with its files */
  export function absolutePath(): string;
}
