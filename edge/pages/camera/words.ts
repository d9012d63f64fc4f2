import type { BlindReason } from '../../../src/core/sight/watch.ts';
import type { Advice } from './aim.ts';

/** Every word of the camera page, both ways. `{n}` is a number, `{camera}` a camera's name in the branch file. */
export const words = {
  zh: {
    title: '门口摄像头',
    about: '这台平板将充当网点的一个摄像头。画面只在这里看，不保存，也不发送。',
    enterCode: '配对码',
    codeHelp: '请在控制台的布置页按“配对网页”，或在主机上运行 `lobby pair`，取得配对码。十分钟内有效。',
    pair: '配对',
    wrongCode: '配对码不对、已用过，或已过十分钟。请在主机上重新做一个。',
    tooManyTries: '输错太多次，请几分钟后再试。',
    notPaired: '没有配对成功，请在主机上查看日志。',
    asking: '正在询问主机',
    insecure: '浏览器不给画面',
    insecureHelp:
      '浏览器只在安全地址下提供摄像头。请让主机使用证书（`--tls-cert` 和 `--tls-key`），再用 `https` 地址打开。',
    starting: '正在启动',
    startingHelp: '第一次要读取模型，需要几秒钟。',
    counting: '正在计数',
    countingHelp: '画面不离开这台平板。请保持通电和亮屏。',
    offline: '连不上主机',
    offlineHelp: '请检查网络。恢复后自动继续。',
    denied: '未允许摄像头',
    deniedHelp: '请在浏览器设置里允许此地址使用摄像头，再重新打开网页。',
    noCamera: '没有画面',
    noCameraHelp: '没有摄像头，或正被别的程序占用。请关闭占用它的程序，再重新打开网页。',
    noModel: '没有模型',
    noModelHelp: '请在主机上运行 `lobby models pull pose-landmarker-full`。网页会自动重试。',
    cannotRun: '浏览器太旧',
    cannotRunHelp: '这个浏览器不能运行模型，请更新或换一个。',
    clock: '时间对不上',
    clockHelp: '与主机之间的网络太慢或不稳，请把平板移近一些。网页会自动重试。',
    replaced: '另一网页在用',
    replacedHelp: '同一摄像头有另一个网页打开。要在这里继续，请轻触屏幕。',
    gone: '已不是摄像头',
    goneHelp: '网点文件里没有这个摄像头了，或改成了别的来源。',
    screenMayDim: '浏览器不能保持亮屏，请在系统设置里关闭自动锁屏。',
    framesASecond: '每秒 {n} 帧',
    people: '现在看到 {n} 人',
    aim: '对准',
    done: '完成',
    unpair: '取消配对',
    reallyUnpair: '确定取消配对？',
    stay: '返回',
    standHere: '请一个人站在门口，头和脚都在框内。',
    feetHere: '脚',
    tapFloor: '轻触地面上的点，可读出网点文件 `floor:` 要用的像素。',
    points: '像素',
    otherLanguage: 'English',
  },
  en: {
    title: 'Camera at the door',
    about:
      'This tablet becomes a camera of the branch. Its picture is looked at here, and is neither kept nor sent.',
    enterCode: 'Code',
    codeHelp:
      'Press Pair a page in the set-up of the console, or run `lobby pair` on the box, to get a code. It counts for ten minutes.',
    pair: 'Pair',
    wrongCode: 'The code is wrong, or was used, or its ten minutes are over. Make a new one on the box.',
    tooManyTries: 'Too many codes were wrong: try again in some minutes.',
    notPaired: "It could not be paired: see the box's log.",
    asking: 'Asking the box',
    insecure: 'No picture here',
    insecureHelp:
      'Browsers give a camera to secure addresses alone. Give the box a certificate (`--tls-cert` and `--tls-key`) and open its `https` address.',
    starting: 'Starting',
    startingHelp: 'The model is read first, which takes some seconds.',
    counting: 'Counting',
    countingHelp: 'No picture leaves this tablet. Leave it on its charger with the screen on.',
    offline: 'Box not reached',
    offlineHelp: 'Check the network. It goes on by itself.',
    denied: 'Camera not allowed',
    deniedHelp: "Allow the camera in the browser's settings for this address, and load the page again.",
    noCamera: 'No picture',
    noCameraHelp: 'There is no camera, or another program has it. End that program, and load the page again.',
    noModel: 'Model missing',
    noModelHelp: 'Run `lobby models pull pose-landmarker-full` on the box. The page tries again by itself.',
    cannotRun: 'Browser too old',
    cannotRunHelp: 'This browser cannot run the model: update it, or use another.',
    clock: 'Time not known',
    clockHelp:
      'The network to the box is too slow or too uneven: bring the tablet nearer. It tries again by itself.',
    replaced: 'Open elsewhere',
    replacedHelp: 'Another page speaks for this camera. Touch the screen to go on here.',
    gone: 'No camera now',
    goneHelp: 'The branch file no longer has this camera, or takes it from elsewhere.',
    screenMayDim: 'This browser cannot keep the screen on: turn off the automatic lock in its settings.',
    framesASecond: 'Frames a second: {n}',
    people: 'People now: {n}',
    aim: 'Aim',
    done: 'Done',
    unpair: 'Unpair',
    reallyUnpair: 'Really unpair?',
    stay: 'Back',
    standHere: 'Have somebody stand at the door, with head and feet inside the outline.',
    feetHere: 'Feet',
    tapFloor: 'Touch a spot on the floor to read its pixel for `floor:` in the branch file.',
    points: 'Pixels',
    otherLanguage: '中文',
  },
} as const;

export type Language = keyof typeof words;
export type Word = keyof (typeof words)['zh'];

/** Why the picture cannot be relied on: what stands large, and what to do. */
export const blindWords: Record<BlindReason, Record<Language, readonly [string, string]>> = {
  dark: {
    zh: ['太暗', '请开灯，或取下镜头前的遮挡。'],
    en: ['Too dark', 'Switch the light on, or take the cover off the lens.'],
  },
  covered: {
    zh: ['镜头被挡住', '请移开镜头前的东西，并擦净镜头。'],
    en: ['Covered', 'Take away what is before the lens, and wipe it.'],
  },
  defocused: { zh: ['画面模糊', '请擦净镜头。'], en: ['Blurred', 'Wipe the lens.'] },
  frozen: { zh: ['画面不动', '请重新打开网页。'], en: ['Picture stands still', 'Load the page again.'] },
  moved: {
    zh: ['位置变了', '请摆回原处，或重新对准。'],
    en: ['Moved', 'Put it back where it was, or aim it anew.'],
  },
  'too-slow': {
    zh: ['太慢', '请关闭平板上的其他程序。'],
    en: ['Too slow', 'End other programs on the tablet.'],
  },
};

/** What to do while it is being mounted. */
export const adviceWords: Record<Advice, Record<Language, string>> = {
  dark: {
    zh: '太暗：请开灯，或避开逆光。',
    en: 'Too dark: switch the light on, or turn it from the window.',
  },
  tilted: { zh: '歪了：请把平板摆平。', en: 'Tilted: level the tablet.' },
  nobody: { zh: '没有看到人：请一个人站在门口。', en: 'Nobody seen: have somebody stand at the door.' },
  far: { zh: '太远：请移近一些。', en: 'Too far: bring it nearer.' },
  near: { zh: '太近：请移远一些。', en: 'Too near: take it further away.' },
  feet: {
    zh: '请让脚落在下面的带子里：抬高或压低镜头。',
    en: 'Bring the feet into the band: tilt the lens up or down.',
  },
  good: { zh: '很好：可以按“完成”。', en: 'Good: touch Done.' },
};

/** A phrase of the catalogue with its blanks filled. */
export function say(language: Language, word: Word, blanks: Record<string, string | number> = {}): string {
  return words[language][word].replace(/\{(\w+)\}/g, (whole, name: string) => String(blanks[name] ?? whole));
}
