/** What a running service tells of itself, since its start but for the rates, which are of its last ten seconds. */
export async function figuresOf(url: string) {
  const text = await (await fetch(`${url}/metrics`)).text();
  const all = (name: string) =>
    [...text.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'gm'))].map(([, value]) =>
      Number(value),
    );
  return {
    processor: all('lobby_process_process_cpu_seconds_total')[0]!,
    dropped: all('lobby_camera_dropped').reduce((sum, one) => sum + one, 0),
    rates: all('lobby_camera_frames_per_second'),
  };
}
