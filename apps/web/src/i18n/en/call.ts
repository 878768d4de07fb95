export const call = {};

export const devices = {};
