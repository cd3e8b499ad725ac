import type { Host } from './host.ts'
import { button, el, openSheet } from './sheets.ts'

/** The phone asks before it calls (M: wx.makePhoneCall); who thinks better of it is a failure. */
export const createTelephone =
  ({ tell }: Pick<Host, 'tell'>) =>
  ({ phoneNumber }: { phoneNumber?: unknown }): Promise<void> => {
    if (typeof phoneNumber !== 'string' || phoneNumber === '')
      throw new Error('parameter error: parameter.phoneNumber should be String')
    return new Promise((resolve, reject) => {
      const end = (isCalling: boolean): void => {
        close()
        if (!isCalling) return reject(new Error('cancel'))
        tell({ kind: 'phone.called', phoneNumber })
        resolve()
      }
      const close = openSheet(
        `呼叫 ${phoneNumber}`,
        [
          el('footer', '', [
            button('取消', 'mp-cancel', () => end(false)),
            button('呼叫', 'mp-confirm', () => end(true)),
          ]),
        ],
        { onCancel: () => end(false) },
      )
    })
  }
