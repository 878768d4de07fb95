export const checkSizes = () => true;
