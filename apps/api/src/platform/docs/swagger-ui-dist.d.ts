/** The package has no types of its own. */
declare module 'swagger-ui-dist' {
  /** @returns the folder with the files of the package */
  export function absolutePath(): string;
}
