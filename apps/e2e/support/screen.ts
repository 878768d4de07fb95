import { expect, type Page } from '@playwright/test';

/** Shares a drawn screen of 1280 × 720 from a page that is in a call: no browser of the tests has a real one. */
export async function shareDrawnScreen(page: Page): Promise<void> {
  await page.evaluate(() => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 1280, height: 720 });
    const pen = canvas.getContext('2d');
    if (!pen) throw new Error('no canvas');
    let line = 0;
    const draw = (): void => {
      pen.fillStyle = '#fdfdfc';
      pen.fillRect(0, 0, 1280, 720);
      pen.fillStyle = '#30343a';
      pen.fillRect(0, 0, 1280, 48);
      pen.font = '24px sans-serif';
      for (let row = 0; row < 14; row++)
        pen.fillText(`${row + 1}   The soup needs an hour, and bread`, 64, 110 + row * 42);
      pen.fillRect(40, 88 + (line++ % 14) * 42, 8, 28);
      setTimeout(draw, 100);
    };
    draw();
    navigator.mediaDevices.getDisplayMedia = () => Promise.resolve(canvas.captureStream(10));
  });
  await page.getByRole('button', { name: 'Share screen', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Stop sharing', exact: true })).toBeVisible();
}
