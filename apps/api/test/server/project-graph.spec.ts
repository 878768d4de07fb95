import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A build is made anew only when the graph knows that what has changed belongs to it. */
it('the graph of the workspace knows the libraries of both apps', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'graph-'));
  try {
    const file = path.join(folder, 'graph.json');
    const nx = createRequire(path.resolve('package.json')).resolve('nx/bin/nx.js');
    execFileSync(process.execPath, [nx, 'graph', `--file=${file}`], { env: { ...process.env, NX_DAEMON: 'false' } });
    const { graph } = JSON.parse(readFileSync(file, 'utf8')) as {
      graph: { dependencies: Record<string, { target: string }[]> };
    };
    const librariesOf = (app: string) => (graph.dependencies[app] ?? []).map(({ target }) => target);
    expect(librariesOf('web')).toEqual(expect.arrayContaining(['base', 'contracts', 'domain', 'rtc']));
    expect(librariesOf('api')).toEqual(
      expect.arrayContaining(['base', 'contracts', 'domain', 'encryption', 'migrations']),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});
