import type { Me } from '../../services/account.ts'

export type MeView = {
  status: string
  statusText: string
  bound: boolean
  /** He has projects of his own: a made-up one helps him no more. */
  seesOwn: boolean
  phone: string
  phoneLabel: string
  /** The chat, where no advisor's card leads to it. */
  support: Me['support'] | null
  advisor: {
    name: string
    id: string
    support: NonNullable<Me['support']> | Record<string, never>
  } | null
}

const STATUS: Record<Me['bindingStatus'], readonly [status: string, text: string]> = {
  unbound: ['还没有绑定', '绑定后即可查看您的项目进度'],
  partial: ['绑定还没完成', '还差一步，请按首页的提示继续'],
  bound: ['已绑定', '您的微信已经和我们的客服绑定'],
}

export function toMeView({
  bindingStatus,
  phoneMasked,
  claim,
  advisor,
  support,
  why,
}: Pick<Me, 'bindingStatus' | 'phoneMasked' | 'claim' | 'advisor' | 'support' | 'why'>): MeView {
  const [status, statusText] = STATUS[bindingStatus]
  return {
    status,
    statusText,
    bound: bindingStatus === 'bound',
    seesOwn: why.code === 'may_query',
    phone: phoneMasked ?? claim?.phoneMasked ?? '',
    phoneLabel: phoneMasked === undefined ? '您留的手机号' : '手机号',
    support: advisor ? null : (support ?? null),
    advisor: advisor
      ? { name: advisor.name ?? '', id: advisor.advisorId ?? '', support: support ?? {} }
      : null,
  }
}
