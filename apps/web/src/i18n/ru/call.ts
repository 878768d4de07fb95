import type { Texts } from '../en';

export const call: Texts['call'] = {};

export const devices: Texts['devices'] = {};
