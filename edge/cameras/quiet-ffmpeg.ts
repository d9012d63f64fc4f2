import { AV_LOG_QUIET } from 'node-av/constants';
import { Log } from 'node-av/lib';

// FFmpeg writes to stderr by itself; what a person needs to know comes as our own errors instead.
// Imported for this effect by every module that calls FFmpeg.
Log.setLevel(AV_LOG_QUIET);
