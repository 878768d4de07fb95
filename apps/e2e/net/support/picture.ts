import { writeFileSync } from 'node:fs';

const WIDTH = 320;
const HEIGHT = 180;
const FPS = 15;
const FRAMES = 2 * FPS;

/** Writes a small moving picture for a fake camera; an ordinary machine can handle four of them. */
export function writePicture(file: string): void {
  const parts = [Buffer.from(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F${FPS}:1 Ip A1:1 C420jpeg\n`)];
  for (let frame = 0; frame < FRAMES; frame += 1) {
    const light = Buffer.alloc(WIDTH * HEIGHT);
    const bar = (frame * WIDTH) / FRAMES;
    for (let i = 0; i < light.length; i += 1) {
      const x = i % WIDTH;
      light[i] = Math.abs(x - bar) < 12 ? 235 : 60 + ((x + Math.floor(i / WIDTH)) % 64);
    }
    parts.push(Buffer.from('FRAME\n'), light, Buffer.alloc((WIDTH * HEIGHT) / 2, 128));
  }
  writeFileSync(file, Buffer.concat(parts));
}
