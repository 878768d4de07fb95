/** Preloaded by what is measured: asked for it, it clears its memory and tells how many bytes are in use. */
process.on('message', () => {
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  process.send(heapUsed + external);
});
process.channel.unref();
