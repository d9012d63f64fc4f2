/**
 * Loaded before the service (`node --expose-gc --import …`): says how much memory the process holds when it is asked
 * over its channel, after what can be collected has been. The service knows nothing of it.
 */
process.on('message', (asked) => {
  if (asked !== 'memory') return;
  // What the first finds unreachable may hold on to more by a finaliser.
  gc?.();
  setImmediate(() => {
    gc?.();
    process.send!({ memory: process.memoryUsage() });
  });
});
// The service's end does not wait for whoever asks.
process.channel?.unref();
