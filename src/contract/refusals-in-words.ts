import type { SettingsRefusal } from './fleet-settings.ts';

/** Why an order of the bank was refused, for the log and for the console. */
export const refusalsInWords: Readonly<
  Record<SettingsRefusal, { readonly en: string; readonly zh: string }>
> = {
  unfit: { en: 'what came is not of the contract', zh: '内容不符合约定的格式' },
  'too-large': { en: 'what came is larger than an order can be', zh: '内容超过指令的大小上限' },
  'unknown-key': { en: 'it is signed by no key of --settings-key', zh: '签名的密钥不在 --settings-key 之中' },
  'wrong-signature': { en: 'a signature does not fit what it is under', zh: '签名与内容不符' },
  'other-branch': { en: 'the step is for another branch', zh: '这一步是给别的网点的' },
  'other-group': { en: 'the bundle is not for the group of this box', zh: '这组设置不是给本机所在分组的' },
  expired: { en: 'the bundle has expired', zh: '这组设置已过期' },
  'older-bundle': { en: 'a newer bundle was taken before', zh: '之前已接受更新的一组设置' },
  'older-step': { en: 'a newer step was taken before', zh: '之前已接受更新的一步' },
  'other-bundle': { en: 'the step is about another bundle', zh: '这一步说的是另一组设置' },
  'unknown-setting': {
    en: 'it sets something that this version does not know',
    zh: '含有此版本不认识的设置',
  },
  'out-of-range': { en: 'a value in it is out of range', zh: '有数值超出范围' },
};
