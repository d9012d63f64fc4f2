import { describe, expect, it } from 'vitest';
import { addressOf, withoutSecrets } from '../../../edge/cameras/source-address.ts';

describe('the address of a source', () => {
  it.each([
    ['demo/hall.mp4', 'file', 'file:demo/hall.mp4'],
    ['/clips/a:b.mp4', 'file', 'file:/clips/a:b.mp4'],
    ['file:///clips/a%20b.mp4', 'file', 'file:/clips/a b.mp4'],
    ['/dev/video0', 'device', '/dev/video0'],
    ['rtsp://10.0.0.7/live', 'network', 'rtsp://10.0.0.7/live'],
    ['HTTPS://cameras.test/live', 'network', 'HTTPS://cameras.test/live'],
  ])('%s is a %s', (source, kind, url) => {
    expect(addressOf(source)).toMatchObject({ kind, url });
  });

  it('is handed to FFmpeg with its login and shown without', () => {
    expect(addressOf('rtsp://admin:secret@10.0.0.7:554/live')).toMatchObject({
      url: 'rtsp://admin:secret@10.0.0.7:554/live',
      shown: 'rtsp://***@10.0.0.7:554/live',
    });
  });

  it.each([
    'rtsp://admin:secret@10.0.0.7/live',
    'rtsp://admin:with@secret@10.0.0.7/live',
    'rtsp://admin:secret/with/slashes@10.0.0.7/live',
    'rtsp://admin:secret?with#marks@10.0.0.7/live',
    'http://10.0.0.7/live?user=admin&password=secret',
    'http://10.0.0.7/live?x=1\nsecret',
  ])('never shows a password: %j', (source) => {
    expect(withoutSecrets(source)).not.toContain('secret');
    expect(withoutSecrets(source)).toContain('10.0.0.7/live');
  });
});
