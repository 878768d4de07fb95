import type { Page } from '@playwright/test';

/** Replaces the browser's test picture by a drawn person in soft light. */
export async function paintCamera(
  page: Page,
  colours: { wall: string; light: string; shirt: string; skin: string; hair: string },
) {
  await page.addInitScript((colour) => {
    const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = async (constraints) => {
      if (!constraints?.video) return real(constraints);
      const stream = await real(constraints);
      for (const track of stream.getVideoTracks()) {
        stream.removeTrack(track);
        track.stop();
      }
      for (const track of portrait().captureStream(15).getVideoTracks()) stream.addTrack(track);
      return stream;
    };

    function portrait(): HTMLCanvasElement {
      const canvas = Object.assign(document.createElement('canvas'), { width: 1280, height: 720 });
      const pen = canvas.getContext('2d');
      if (!pen) throw new Error('no canvas');
      const ellipse = (x: number, y: number, rx: number, ry: number, fill: string) => {
        pen.fillStyle = fill;
        pen.beginPath();
        pen.ellipse(x, y, rx, ry, 0, 0, Math.PI * 2);
        pen.fill();
      };
      let turn = 0;
      const draw = () => {
        turn += 0.05;
        const sway = Math.sin(turn) * 6;
        const glow = pen.createRadialGradient(340, 220, 60, 560, 360, 900);
        glow.addColorStop(0, colour.light);
        glow.addColorStop(1, colour.wall);
        pen.fillStyle = glow;
        pen.fillRect(0, 0, 1280, 720);
        ellipse(640 + sway, 780, 330, 290, colour.shirt);
        ellipse(640 + sway, 345, 152, 175, colour.hair);
        pen.fillStyle = colour.skin;
        pen.fillRect(590 + sway, 440, 100, 110);
        ellipse(640 + sway, 370, 122, 148, colour.skin);
        ellipse(640 + sway, 262, 128, 72, colour.hair);
        requestAnimationFrame(draw);
      };
      draw();
      return canvas;
    }
  }, colours);
}
