import { RequestError } from './request.ts'

/** Something a page can show instead of its content. */
export type Problem = {
  kind: 'offline' | 'denied' | 'gone' | 'error'
  title: string
  text: string
  action: string
  trace: string
}

/** What went wrong, in words a customer can act on. The server's own words come through where it refused. */
export function toProblem(error: unknown): Problem {
  if (!(error instanceof RequestError))
    return {
      kind: 'error',
      title: '页面出了点问题',
      text: '请再试一次；如果还是不行，请到「我的」里联系客服。',
      action: '再试一次',
      trace: '',
    }
  const { status, code, message, requestId } = error
  if (status === 0)
    return {
      kind: 'offline',
      title: code === 'network.timeout' ? '网络有点慢' : '网络没有连上',
      text: '请检查手机的网络，然后点「重新加载」。',
      action: '重新加载',
      trace: '',
    }
  if (code === 'projects.not_allowed')
    return {
      kind: 'denied',
      title: '暂时还不能查看',
      text: '完成绑定，并由顾问按手机号添加您之后，这里会显示您的项目。',
      action: '看看还差哪一步',
      trace: '',
    }
  if (status === 404)
    return { kind: 'gone', title: '没有找到', text: message, action: '返回', trace: '' }
  return {
    kind: 'error',
    title: status === 429 ? '操作有点频繁' : '没有加载成功',
    text: message,
    action: '再试一次',
    trace: status >= 500 ? requestId : '',
  }
}

/** One sentence for a toast or a line below a button. */
export const toMessage = (error: unknown): string =>
  error instanceof RequestError ? error.message : '没有成功，请再试一次'
