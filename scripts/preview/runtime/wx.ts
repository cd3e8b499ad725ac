import { hideToast, showModal, showToast, type Modal } from './dialogs.ts'
import type { Host } from './host.ts'
import type { Router } from './pages.ts'
import { previewImage } from './pictures.ts'
import { createPrivacy } from './privacy.ts'
import { request, RequestFailed, uploadFile } from './request.ts'
import type { Shell } from './shell.ts'
import { createStorage } from './storage.ts'
import { createSubscribe, SubscribeFailed } from './subscribe.ts'
import { createTaps } from './tap.ts'
import { createTelephone } from './telephone.ts'

type Callbacks = {
  success?: (result: unknown) => void
  fail?: (failure: unknown) => void
  complete?: (result: unknown) => void
}

/** Gives an async action both styles of the platform: callbacks in the options, or a promise when there are none. */
function api<Options extends object, Result extends object | void>(
  name: string,
  run: (options: Options) => Promise<Result> | Result,
) {
  return (options?: Options & Callbacks): Promise<unknown> | undefined => {
    const given = options ?? ({} as Options & Callbacks)
    const promise = Promise.resolve()
      .then(() => run(given))
      .then((result) => ({ ...result, errMsg: `${name}:ok` }))
    const { success, fail, complete } = given
    if (!success && !fail && !complete)
      return promise.catch((error: unknown) =>
        Promise.reject(toFailure(name, error) as unknown as Error),
      )
    promise.then(
      (result) => {
        success?.(result)
        complete?.(result)
      },
      (error: unknown) => {
        const failure = toFailure(name, error)
        fail?.(failure)
        complete?.(failure)
      },
    )
    return undefined
  }
}

const toFailure = (
  name: string,
  error: unknown,
): { errMsg: string; errno?: number; errCode?: number } =>
  error instanceof SubscribeFailed
    ? {
        errMsg: error.message,
        ...(error.errCode !== undefined && { errCode: error.errCode }),
      }
    : {
        errMsg: `${name}:fail ${error instanceof Error ? error.message : String(error)}`,
        ...(error instanceof RequestFailed && { errno: error.errno }),
      }

type Url = { url: string }
type Deps = { host: Host; router: Router; shell: () => Shell }

/** The members of wx that the mini-program uses, and no more: a new one is missing loudly. */
export function createWx({ host, router, shell }: Deps) {
  const storage = createStorage(host.personId)
  return {
    login: api('login', async () => ({ code: await host.loginCode() })),
    request: api('request', request),
    uploadFile: api('uploadFile', uploadFile),
    getStorageSync: storage.get,
    setStorageSync: storage.set,
    removeStorageSync: storage.remove,
    ...createWays(router),
    ...createFace(shell),
    ...createPermissions(host, createPrivacy(storage)),
    openCustomerServiceChat: api<{ extInfo: Url; corpId: string }, void>(
      'openCustomerServiceChat',
      ({ extInfo }) => host.openChat(extInfo.url),
    ),
    previewImage: api('previewImage', previewImage),
    makePhoneCall: api('makePhoneCall', createTelephone(host)),
    getAppBaseInfo: () => ({
      fontSizeScaleFactor: Number(new URLSearchParams(location.search).get('font') ?? 1),
      SDKVersion: '3.8.9',
      language: 'zh_CN',
    }),
    getUpdateManager: () => ({
      onCheckForUpdate() {},
      onUpdateReady() {},
      onUpdateFailed() {},
      applyUpdate() {},
    }),
  }
}

/** From page to page. */
function createWays(router: Router) {
  const goes = (name: 'navigateTo' | 'redirectTo' | 'reLaunch' | 'switchTab') =>
    api<Url, void>(name, ({ url }) => router[name](router.resolve(url)))
  return {
    navigateTo: goes('navigateTo'),
    redirectTo: goes('redirectTo'),
    reLaunch: goes('reLaunch'),
    switchTab: goes('switchTab'),
    navigateBack: api<{ delta?: number }, void>('navigateBack', ({ delta }) =>
      router.navigateBack(delta),
    ),
  }
}

/** What stands above and before a page. */
function createFace(shell: Deps['shell']) {
  return {
    setNavigationBarTitle: api<{ title: string }, void>('setNavigationBarTitle', ({ title }) =>
      shell().setTitle(title),
    ),
    showToast: api<{ title: string; icon?: string; duration?: number }, void>(
      'showToast',
      ({ title, icon = 'success', duration }) => showToast(title, icon, duration),
    ),
    hideToast: api('hideToast', hideToast),
    showModal: api<Modal, object>('showModal', async (modal) => {
      const confirm = await showModal(modal)
      return { confirm, cancel: !confirm, content: null }
    }),
    stopPullDownRefresh: api('stopPullDownRefresh', () => {}),
  }
}

/** What the platform lets a mini-program do only when the person has agreed. */
function createPermissions(host: Host, privacy: ReturnType<typeof createPrivacy>) {
  return {
    setClipboardData: api<{ data: string }, void>('setClipboardData', async ({ data }) => {
      await privacy.require('setClipboardData')
      await navigator.clipboard.writeText(data)
      host.tell({ kind: 'phone.copied', text: data })
      showToast('内容已复制', 'success')
    }),
    onNeedPrivacyAuthorization: privacy.listen,
    openPrivacyContract: api('openPrivacyContract', async () => {
      await privacy.showContract()
    }),
    requestSubscribeMessage: api(
      'requestSubscribeMessage',
      createSubscribe({ host, ...createTaps() }),
    ),
  }
}
