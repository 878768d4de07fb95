/** @returns the value in the middle; of two, the higher one */
export const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
