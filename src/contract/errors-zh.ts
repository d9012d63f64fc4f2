import type { ErrorCode } from './errors.ts';

/** What is told on the machine alone, by a command or in the log, and never on a page. */
export const onMachineOnly = [
  'LOBBY_CAMERA_MISSING',
  'LOBBY_MODEL_MISSING',
  'LOBBY_MODEL_UNKNOWN',
  'LOBBY_MODEL_CHANGED',
  'LOBBY_MODEL_WRONG',
  'LOBBY_MODEL_UNTOLD',
  'LOBBY_MODEL_MEASURES',
  'LOBBY_MODEL_UNPUBLISHED',
  'LOBBY_MODEL_NOT_PULLED',
  'LOBBY_PULL_FAILED',
  'LOBBY_PULL_WRONG',
  'LOBBY_RUNTIME_ABSENT',
  'LOBBY_PROVIDER_ABSENT',
  'LOBBY_BROKER_REFUSED',
  'LOBBY_BROKER_UNTRUSTED',
  'LOBBY_BROKER_UNREACHABLE',
  'LOBBY_BROKER_WITHOUT_TLS',
  'LOBBY_BROKER_WITHOUT_LOGIN',
  'LOBBY_WEBHOOK_WITHOUT_TLS',
  'LOBBY_OPEN_WITHOUT_TLS',
  'LOBBY_OPEN_WITHOUT_LOGIN',
  'LOBBY_PORT_IN_USE',
  'LOBBY_FILE_MISSING',
  'LOBBY_FILE_INVALID',
  'LOBBY_FILE_OPEN',
  'LOBBY_FILE_UNWRITABLE',
  'LOBBY_DATA_UNUSABLE',
  'LOBBY_DATA_IN_USE',
  'LOBBY_TOKENS_UNREADABLE',
  'LOBBY_TOKEN_UNKNOWN',
  'LOBBY_TOKENS_FULL',
  'LOBBY_PAGES_PAIRED_FULL',
  'LOBBY_PAIRINGS_UNREADABLE',
  'LOBBY_PAIRING_UNKNOWN',
  'LOBBY_PRIVACY_REFUSED',
  'LOBBY_JOURNAL_DAMAGED',
  'LOBBY_JOURNAL_MISSING',
  'LOBBY_JOURNAL_SILENT',
  'LOBBY_EXPORT_FAILED',
  'LOBBY_STORE_UNREACHABLE',
  'LOBBY_STORE_REFUSED',
  'LOBBY_STORE_NEWER',
  'LOBBY_ROLLOUT_REFUSED',
  'LOBBY_AUDIT_SERVICE',
  'LOBBY_OPTION_INVALID',
] as const satisfies readonly ErrorCode[];

/** Troubles of the web, which are in `edge/http/replies.ts`. */
type WebCode =
  | 'LOBBY_NOT_FOUND'
  | 'LOBBY_TOO_MANY_REQUESTS'
  | 'LOBBY_REQUEST_TOO_LARGE'
  | 'LOBBY_REQUEST_INVALID'
  | 'LOBBY_BROKEN';

type ToldCode = Exclude<ErrorCode, (typeof onMachineOnly)[number]> | WebCode;

/**
 * What a page may be told, in Chinese: the same sentences and remedies as in `errors.ts`, with the same blanks. What
 * fills `{reason}`, `{problem}` and `{hint}` is the system's or the schema's own text, and stays as it is.
 */
export const errorsInChinese = {
  LOBBY_TOO_MANY_TRIES: {
    message: '现在不能从这里登录：错误的尝试太多',
    remedy: '请等几分钟，再用正确的登录信息重试。',
  },
  LOBBY_BRANCH_MISSING: {
    message: '读不到网点文件 {file}：没有这个文件',
    remedy: '请用 --branch 给出网点文件的路径；edge/demo/branch.yaml 是一个例子。',
  },
  LOBBY_BRANCH_INVALID: { message: '网点文件 {file} 不能使用：{problem}', remedy: '{hint}' },
  LOBBY_CAMERA_UNREADABLE: {
    message: '打不开摄像头 {camera}：{source} 没有可以解码的画面（{reason}）',
    remedy: '请确认它是视频文件或视频流；`ffprobe` 可以看到里面有什么。',
  },
  LOBBY_CAMERA_CUT_SHORT: {
    message: '摄像头 {camera} 的录像在 {seconds} 秒处中断，文件头写的是 {duration} 秒',
    remedy: '录像不完整：请重新复制或录制。已读到的部分照常使用。',
  },
  LOBBY_CAMERA_LOST: {
    message: '摄像头 {camera} 已断开：{reason}',
    remedy: '请检查电源和网络。最多每 {retrySeconds} 秒自动重试。',
  },
  LOBBY_CAMERA_SILENT: {
    message: '摄像头 {camera} 已 {seconds} 秒没有画面',
    remedy: '请检查电源和网络。会自动重试。',
  },
  LOBBY_CAMERA_REFUSED: {
    message: '摄像头 {camera} 拒绝了用户名或密码',
    remedy: '请检查网点文件里视频源地址中的登录信息。',
  },
  LOBBY_CAMERA_UNTRUSTED: {
    message: '摄像头 {camera} 不能证明自己的身份：{reason}',
    remedy:
      '请在网点文件里把一个文件写作这个摄像头的 `tls.ca`：签发它证书的机构的证书，或它自己的证书。没有向它发送任何内容。',
  },
  LOBBY_CAMERA_BROKEN_OFF: {
    message: '摄像头 {camera} 的录像在 {seconds} 秒处损坏，后面读不出来',
    remedy: '请重新复制或录制。已读到的部分照常使用。',
  },
  LOBBY_CAMERA_ENDED: {
    message: '摄像头 {camera} 的录像已放完',
    remedy: '重新启动服务可以再放一遍；也可以在网点文件里改用实时视频源。',
  },
  LOBBY_BOX_SILENT: {
    message: '没有收到 {whom} 关于摄像头 {camera} 的消息',
    remedy:
      '请确认接着该摄像头的设备正在运行 `lobby run --role sense`，用的是同一份网点文件，且消息服务器允许它发布。',
  },
  LOBBY_BOX_CLOCK: {
    message: '设备 {name} 的时钟比本机快 {ahead} 秒，误差 {within} 秒：其数据不予采信',
    remedy: '请让两台机器用同一个时间服务器校时，并确认它们之间的网络通畅。',
  },
  LOBBY_CAMERA_DARK: { message: '摄像头 {camera} 一片漆黑', remedy: '请开灯，或取下镜头盖。' },
  LOBBY_CAMERA_COVERED: {
    message: '摄像头 {camera} 被遮住：画面里看不到大厅',
    remedy: '请移开挡在前面的东西，并擦拭镜头。',
  },
  LOBBY_CAMERA_DEFOCUSED: {
    message: '摄像头 {camera} 画面模糊：已分辨不出人',
    remedy: '请擦拭镜头；如果没有改善，请重新对焦。',
  },
  LOBBY_CAMERA_FROZEN: { message: '摄像头 {camera} 反复送来同一幅画面', remedy: '请把摄像头关掉再打开。' },
  LOBBY_CAMERA_MOVED: {
    message: '摄像头 {camera} 的视角与之前不同：它被移动过，或者前面有东西',
    remedy: '请把它转回原处。如果要保持现状，请重新测量地面点和区域，然后重新启动服务。',
  },
  LOBBY_CAMERA_SLOW: {
    message: '摄像头 {camera} 每秒不到 {least} 幅画面：其间有人走过也看不到',
    remedy: '请在网点文件里调高 framesPerSecond，给服务更多线程，或检查网络。',
  },
  LOBBY_PAGE_AWAY: {
    message: '没有网页充当摄像头 {camera}',
    remedy:
      '请在平板上打开 /camera 并保持打开。如要求输入配对码，请用 `lobby pair --camera {camera}` 做一个。',
  },
  LOBBY_PAGE_AIMING: {
    message: '摄像头 {camera} 的网页正在对准，这期间不计数',
    remedy: '摆好后请在网页上按“完成”。',
  },
  LOBBY_PAGE_HIDDEN: {
    message: '摄像头 {camera} 的网页被别的页面挡住，或屏幕已关',
    remedy: '请把网页切回前台，平板接上电源并保持亮屏。',
  },
  LOBBY_PAGE_WITHOUT_CAMERA: {
    message: '摄像头 {camera} 的浏览器没有给网页画面',
    remedy: '请在浏览器设置里允许此地址使用摄像头，关闭占用摄像头的程序，再重新打开网页。',
  },
  LOBBY_PAGE_WITHOUT_MODEL: {
    message: '摄像头 {camera} 的网页无法运行找人的模型',
    remedy:
      '请在主机上运行 `lobby models pull pose-landmarker-full`；如已有模型，可能是浏览器太旧，请更新浏览器。',
  },
  LOBBY_PAGE_CLOCK: {
    message: '摄像头 {camera} 的网页所报时间对不上',
    remedy: '平板与主机之间的网络太慢或不稳，请让两者靠近一些。网页会自动重试。',
  },
  LOBBY_PAGE_SOURCE: {
    message: '不能打开摄像头 {camera}：它的画面只留在浏览器的网页里',
    remedy: '需要画面时，请改用视频文件：用 --source 或写在网点文件里。',
  },
  LOBBY_PAGE_UNPAIRED: {
    message: '这个网页还没有与网点的摄像头配对',
    remedy: '请在主机上用 `lobby pair` 做一个配对码，在这里输入。',
  },
  LOBBY_CODE_WRONG: {
    message: '不能配对：配对码不对、已用过，或已过十分钟',
    remedy: '请在主机上用 `lobby pair` 重新做一个；每个只能用一次。',
  },
  LOBBY_PAIRING_CAMERA: {
    message: '不能为摄像头 {camera} 配对：网点文件里没有这个名字且写着 `source: browser:page` 的摄像头',
    remedy: '请在网点文件的 `cameras:` 下加上它，或检查名字。',
  },
  LOBBY_CAMERA_UNSEEN: {
    message: '摄像头 {camera} 的一幅画面没能识别：{reason}',
    remedy: '会接着识别下一幅。如果一直这样，请运行 `lobby models verify`。',
  },
  LOBBY_HEADS_UNSEEN: {
    message: '摄像头 {camera} 的一幅画面里没能识别头部朝向：{reason}',
    remedy: '没有它也能跟踪客户。如果一直这样，请运行 `lobby models verify`。',
  },
  LOBBY_PAGES_MISSING: {
    message: '页面打不开：还没有构建',
    remedy: '请运行一次 `npm run build`，或用 `npm start` 启动。',
  },
  LOBBY_PRIVACY_COUNTS: {
    message: '不能这样做：此主机的隐私级别是 `counts`，不得显示任何人的位置',
    remedy: '请在主机上用安装人员的令牌运行 `lobby privacy floor`，做完后再运行 `lobby privacy counts`。',
  },
  LOBBY_PRIVACY_RAISED: {
    message: '不能使用网点文件 {file}：它把隐私级别设为 {level}，而此主机是 {kept}',
    remedy:
      '请在主机上用安装人员的令牌运行 `lobby privacy {level} --branch FILE`。在此之前，原来的设置继续有效。',
  },
  LOBBY_TOKEN_MISSING: {
    message: '不能显示：需要令牌，而没有给出有效的令牌',
    remedy: '请用第一次启动时显示的令牌打开控制台，或用 `lobby token add` 做一个。',
  },
  LOBBY_ROLE_MISSING: {
    message: '不能这样做：需要 {role} 权限，这个令牌的权限是 {has}',
    remedy: '请向安装人员要一个有此权限的令牌。',
  },
  LOBBY_TOO_MANY_STREAMS: {
    message: '不能再打开现场页：已打开 {most} 个',
    remedy: '请关掉没有人看的页面。',
  },
  LOBBY_SETTINGS_STALE: {
    message: '未保存：{who} 已先保存第 {version} 版，这次改动基于第 {asked} 版',
    remedy: '请看看改了什么，再在第 {version} 版上保存。没有覆盖任何内容。',
  },
  LOBBY_SETTINGS_UNEXPLAINED: {
    message: '未保存：必须写明原因',
    remedy: '请用几个字写明为什么要改，以后查看的人会问。',
  },
  LOBBY_SETTINGS_UNCHANGED: { message: '未保存：与第 {version} 版没有不同', remedy: '请先改动一个值。' },
  LOBBY_PROFILES_REFUSED: { message: '方案未保存：{problem}', remedy: '{hint}' },
  LOBBY_SHADOW_RUNNING: {
    message: '不能试运行这些值：另一组值从 {since} 起正在试运行',
    remedy: '请先让那一组生效或结束它，再试这一组。',
  },
  LOBBY_SHADOW_NONE: { message: '不能这样做：没有正在试运行的值', remedy: '请先开始一次试运行。' },
  LOBBY_SETTING_UNKNOWN: {
    message: '未保存 {path}：没有这项设置',
    remedy: '可用的设置见 /api/v1/settings。',
  },
  LOBBY_SETTING_REFUSED: {
    message: '未保存 {path}：须是 {wanted}，现在是 {value}',
    remedy: '请选择范围内的值。',
  },
  LOBBY_SETTINGS_FILE_BROKEN: {
    message: '网点文件 {file} 被手工修改后不能使用：{problem}',
    remedy: '请更正文件。在此之前，原来的设置仍然有效，也不能保存新的设置。',
  },
  LOBBY_SETTINGS_FILE_TANGLED: {
    message: '未保存 {path}：网点文件 {file} 里的写法无法安全改动',
    remedy: '请在文件里把这个值单独写出来，不用别名（*name）或锚点（&name）。',
  },
  LOBBY_SETTINGS_UNWRITABLE: {
    message: '未能写入 {file}：{reason}',
    remedy: '请让服务的用户可以写这个文件和它的文件夹；在容器里，不要以只读方式挂载文件夹。',
  },
  LOBBY_JOURNAL_UNSEARCHABLE: {
    message: '现在不能查询日志：{reason}',
    remedy: '记录照常保存，问题解决后就能查到。',
  },
  LOBBY_JOURNAL_UNWRITTEN: {
    message: '日志的记录正在丢失：{reason}',
    remedy: '提示照常发出。请腾出磁盘空间，或让磁盘可写；恢复后日志里会写明缺了多少条。',
  },
  LOBBY_JOURNAL_NOT_KEPT: {
    message: '不能显示日志：这个服务没有日志',
    remedy: '请用 --data 给它一个可写的数据文件夹再启动；服务的记录里写着为什么没有。',
  },
  LOBBY_JOURNAL_GONE: {
    message: '不能显示这段时间：只保留 {days} 天，{before} 之前的日志已删除',
    remedy: '请查看更近的日期。用 journal.exportTo 导出过的在那个文件夹里。',
  },
  LOBBY_VISIT_UNKNOWN: {
    message: '不能显示到访 {visit} 的经过：日志里没有它的记录',
    remedy: '请检查名称。{days} 天以前的已删除。',
  },
  LOBBY_QUERY_REFUSED: {
    message: '不能回答这个查询：{reason}',
    remedy: '请只用一条 SELECT、EXPLAIN 或 DESCRIBE；有哪些表见 `SHOW TABLES` 和 docs/journal.md。',
  },
  LOBBY_QUERY_TOO_LONG: {
    message: '{seconds} 秒内答不出这个查询',
    remedy: '请缩短时间范围，或给它更多时间。',
  },
  LOBBY_SETUP_REFUSED: {
    message: '未保存 {path}：{problem}',
    remedy: '请在布置页更正；`POST /api/v1/setup/preview` 会列出所有问题。',
  },
  LOBBY_SETUP_FORGOTTEN: {
    message: '不能回到第 {version} 版：没有留下它的文件',
    remedy: '数据文件夹里只留最新的一些版本；请重新绘制，或修改网点文件。',
  },
  LOBBY_TRY_REFUSED: {
    message: '不能试这个地址：须是 `rtsp(s)://`、`http(s)://` 或 `/dev/video0`，地址里不带登录信息',
    remedy: '请把登录信息填在地址旁边。录像按它在网点文件里的摄像头名称来试。',
  },
  LOBBY_TRY_BUSY: { message: '现在不能试：正在试另一个地址', remedy: '请等十秒再试。' },
  LOBBY_PLATE_NONE: {
    message: '看不到 {camera} 的空场画面：还没有开始生成，或者还没有看到过画面',
    remedy: '请先用 `POST /api/v1/setup/cameras/{camera}/plate` 开始，再等第一张画面。',
  },
  LOBBY_WALK_NONE: {
    message: '做不了：现在没有走动测试',
    remedy: '请先用 `POST /api/v1/setup/walk` 开始。',
  },
  LOBBY_WALK_UNKNOWN_DOOR: {
    message: '记不下：没有入口 {door}',
    remedy: '有哪些入口，见 `GET /api/v1/setup/walk`。',
  },
  LOBBY_CAMERA_UNKNOWN: {
    message: '找不到摄像头 {camera}：网点文件里没有它',
    remedy: '请先保存；已有的摄像头见 `GET /api/v1/setup/cameras`。',
  },
  LOBBY_WHAT_IF_NO_JOURNAL: {
    message: '不能试算：没有日志',
    remedy: '请给服务一个数据文件夹（--data），营业一天后再来。',
  },
  LOBBY_WHAT_IF_EMPTY: {
    message: '不能试算 {from} 到 {to}：那时没有记录',
    remedy: '有哪些日期见 /api/v1/what-if/days。',
  },
  LOBBY_WHAT_IF_NO_PLACES: {
    message: '不能试算 {from} 到 {to}：那时的日志没有记下人站在哪里',
    remedy: '请在网点文件里让 journal.sceneSeconds 大于 0，营业一天后再来。',
  },
  LOBBY_WHAT_IF_PERIOD: {
    message: '不能试算 {from} 到 {to}：结束不能早于开始，最多 {most} 天',
    remedy: '请缩短时间。',
  },
  LOBBY_WHAT_IF_STALE: {
    message: '不能在第 {asked} 版上试算：现在是第 {version} 版',
    remedy: '请重新读取设置，在第 {version} 版上试算。',
  },
  LOBBY_WHAT_IF_BUSY: {
    message: '现在不能试算：已有 {most} 个在等',
    remedy: '请稍后再试，或取消一个不需要的。',
  },
  LOBBY_WHAT_IF_UNKNOWN: {
    message: '找不到这次试算：没有这个名称，或已经放弃',
    remedy: '请重新试算。',
  },
  LOBBY_WHAT_IF_FAILED: {
    message: '不能试算：服务出了错，已写入它的记录',
    remedy: '请缩短时间再试；如果还是这样，请把记录发给维护人员。',
  },
  LOBBY_PERIOD_REFUSED: {
    message: '不能给出这段时间的数据：{problem}，现在是 {value}',
    remedy: '请选一天，例如 2026-03-12，或者第一天和最后一天，最多 92 天。',
  },
  LOBBY_FIGURES_BUSY: {
    message: '现在不能给出数据：正在计算另外 {most} 段时间',
    remedy: '请稍后再问。',
  },
  LOBBY_NOT_FOUND: { message: '找不到：这个地址什么也没有', remedy: '有哪些地址见 /docs。' },
  LOBBY_TOO_MANY_REQUESTS: {
    message: '现在不能回答：一个地址每分钟最多询问 600 次',
    remedy: '请少问几次；同样的数据会随变化经消息服务送来。',
  },
  LOBBY_REQUEST_TOO_LARGE: {
    message: '不能接收：内容超过此地址的上限',
    remedy: '请减少一次发送的内容：最多 16,384 字节，布置最多 524,288 字节。',
  },
  LOBBY_REQUEST_INVALID: { message: '不能接收：内容不符合这个地址的要求', remedy: '要求见 /docs。' },
  LOBBY_BROKEN: {
    message: '不能回答：服务出了错，已写入它的记录',
    remedy: '请再试一次；如果还是这样，请把记录发给维护人员。',
  },
} as const satisfies Readonly<Record<ToldCode, { readonly message: string; readonly remedy: string }>>;
