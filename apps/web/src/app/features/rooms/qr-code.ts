import { generate } from 'lean-qr';
import { toSvgPath } from 'lean-qr/extras/svg';

/** Empty modules around the code, without which cameras do not find it. */
const QUIET_ZONE = 4;

/** Draws a text as a QR code, one unit for each module. Loaded lazily, because few people need it. */
export function drawQrCode(text: string): { viewBox: string; path: string } {
  const code = generate(text);
  const size = code.size + 2 * QUIET_ZONE;
  return { viewBox: `${-QUIET_ZONE} ${-QUIET_ZONE} ${size} ${size}`, path: toSvgPath(code) };
}
