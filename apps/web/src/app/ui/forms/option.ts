import type { IconName } from '../display/icons';

/** One of a few things to choose from. */
export interface Option<T extends string = string> {
  value: T;
  label: string;
  icon?: IconName;
}
