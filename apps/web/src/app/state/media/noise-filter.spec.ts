import { readFileSync } from 'node:fs';
import path from 'node:path';

const read = (file: string) => readFileSync(path.join(process.cwd(), file), 'utf8');

describe('the parts of the noise filter', () => {
  it('are served and requested under the installed version, so that no cache mixes two versions', () => {
    const { dependencies } = JSON.parse(read('package.json')) as { dependencies: Record<string, string> };
    const folder = `noise-suppressor-${dependencies['@sapphi-red/web-noise-suppressor']}`;
    const served = [...read('apps/web/project.json').matchAll(/"output": "(noise-suppressor-[^"/]+)/g)];
    expect(new Set(served.map(([, output]) => output))).toEqual(new Set([folder]));
    expect(read('apps/web/src/app/state/media/noise-filter.ts')).toContain(`'/${folder}'`);
  });
});
