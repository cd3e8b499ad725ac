import { showModal } from './dialogs.ts'
import type { Storage } from './storage.ts'

type Answer = { event: 'agree' | 'disagree' }
type Listener = (resolve: (answer: Answer) => void, info: { referrer: string }) => void

const AGREED = 'privacy agreed'
const CONTRACT =
  '本小程序只在您点「复制绑定码」时写入剪贴板，不读取剪贴板里的内容。（预览环境的示例文字）'

/** The platform's privacy gate: an API that touches privacy waits until the customer has agreed, once. */
export function createPrivacy(storage: Storage) {
  let listener: Listener | undefined
  return {
    listen: (heard: Listener): void => {
      listener = heard
    },
    showContract: (): Promise<boolean> =>
      showModal({
        title: '用户隐私保护指引',
        content: CONTRACT,
        showCancel: false,
        confirmText: '知道了',
      }),
    /** Throws when the customer refuses. */
    require: async (referrer: string): Promise<void> => {
      if (storage.get(AGREED) === true) return
      const heard = listener
      const { event } = heard
        ? await new Promise<Answer>((resolve) => heard(resolve, { referrer }))
        : { event: 'agree' }
      if (event !== 'agree') throw new Error('privacy permission is not authorized')
      storage.set(AGREED, true)
    },
  }
}
