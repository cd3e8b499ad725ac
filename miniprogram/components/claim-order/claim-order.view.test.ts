import { describe, expect, test } from '@jest/globals'
import { RequestError, toNetworkError } from '../../lib/request.ts'
import { createAsking } from './claim-order.asking.ts'
import { CLAIM_WORDS, CLOSED, readOrderNo, type ClaimView } from './claim-order.view.ts'

const UNKNOWN = new RequestError(404, {
  code: 'projects.claim_unknown',
  message: '没有找到这个订单，请核对订单号',
})
const TOO_OFTEN = new RequestError(429, {
  code: 'projects.claim_too_often',
  message: '今天已经试了三次',
  retryAfterSeconds: 3600,
})

/** The component with its calls in the test's hands: `answer` ends the oldest that is open. */
function setUp() {
  const open: { settle: (value: string | null) => void; fail: (error: unknown) => void }[] = []
  const sent: string[] = []
  const opened: (string | null)[] = []
  const screen = { view: CLOSED as ClaimView, now: 1000 }
  const call = (what: string): Promise<string | null> => {
    sent.push(what)
    return new Promise((settle, fail) => {
      open.push({ settle, fail })
    })
  }
  const asking = createAsking({
    claim: call,
    askAdvisor: async () => {
      await call('advisor')
    },
    show: (news) => {
      screen.view = { ...screen.view, ...news }
    },
    onFound: (id) => {
      opened.push(id)
    },
    now: () => screen.now,
  })
  const answer = async (given: string | null | Error): Promise<void> => {
    const oldest = open.shift()
    if (given instanceof Error) oldest?.fail(given)
    else oldest?.settle(given)
    await new Promise((done) => {
      setTimeout(done)
    })
  }
  const tried = async (typed: string, given: string | null | Error): Promise<void> => {
    asking.type(typed)
    void asking.submit()
    await answer(given)
  }
  return { asking, sent, opened, screen, answer, tried }
}

describe('the order number as it is typed', () => {
  test.each([' SO-1 ', 'ＳＯ－１', 'SO—1'])('%p is asked for as SO-1', (typed) =>
    expect(readOrderNo(typed)).toEqual({ ok: true, orderNo: 'SO-1' }),
  )

  test.each([
    ['', '请先填写订单号'],
    ['  ', '请先填写订单号'],
    ['订单1', '订单号不对，只能有字母、数字、点、横线和下划线'],
  ])('%p is answered before it costs a try', async (typed, hint) => {
    const { asking, sent, screen } = setUp()
    asking.type(typed)
    await asking.submit()
    expect([screen.view.hint, screen.view.busy, sent]).toEqual([hint, 'no', []])
  })
})

describe('没看到订单？输入订单号', () => {
  test('the line is closed at first and says nothing of what there is', () => {
    expect(CLOSED).toEqual({
      open: false,
      typed: '',
      busy: 'no',
      hint: '',
      askHint: '',
      found: '',
      asked: false,
    })
    expect(CLAIM_WORDS.line).toBe('没看到订单？输入订单号')
    const { asking, screen } = setUp()
    asking.open()
    expect(screen.view).toEqual({ ...CLOSED, open: true })
  })

  test('a double tap sends once, and neither field nor 找顾问 moves meanwhile', async () => {
    const { asking, sent, screen, answer } = setUp()
    asking.type('SO-1')
    void asking.submit()
    void asking.submit()
    void asking.ask()
    asking.type('SO-2')
    expect([sent, screen.view.busy, screen.view.typed]).toEqual([['SO-1'], 'claim', 'SO-1'])
    await answer(UNKNOWN)
    void asking.submit()
    expect(sent).toEqual(['SO-1', 'SO-1'])
  })

  test('a found order is named, opened once, and another may be asked for', async () => {
    const { asking, opened, screen, tried } = setUp()
    await tried('so-1', 'p-1')
    expect(screen.view).toMatchObject({ busy: 'no', found: 'so-1', typed: '', hint: '' })
    expect(opened).toEqual(['p-1'])
    asking.again()
    expect(screen.view.found).toBe('')
    await tried('SO-2', null)
    expect([screen.view.found, opened]).toEqual(['SO-2', ['p-1', null]])
  })

  test.each([
    ['unknown and not his, in the words of the server', UNKNOWN, '没有找到这个订单，请核对订单号'],
    ['no network', toNetworkError(), '网络没有连上，请检查手机网络后再试'],
    ['a slow network', toNetworkError(5), '网络有点慢，没有等到回应，请再试一次'],
    [
      'a server that fails',
      new RequestError(500, { code: 'service.internal', message: '服务出错了' }),
      '服务出错了',
    ],
    [
      'a session that could not be renewed',
      new RequestError(401, { code: 'session.invalid', message: '登录已失效，请重新进入小程序' }),
      '登录已失效，请重新进入小程序',
    ],
    ['a mistake of ours', new TypeError('x is undefined'), '没有成功，请再试一次'],
  ])(
    '%s: the words stand below the field, what was typed stays, and the next tap tries again',
    async (_, error, hint) => {
      const { asking, sent, opened, screen, tried } = setUp()
      await tried('SO-1', error)
      expect(screen.view).toMatchObject({ busy: 'no', hint, typed: 'SO-1', found: '' })
      expect(opened).toEqual([])
      asking.type('SO-12')
      expect(screen.view.hint).toBe('')
      void asking.submit()
      expect(sent).toEqual(['SO-1', 'SO-12'])
    },
  )

  test('after one try too many nothing is sent until the wait is over, and the words stay', async () => {
    const { asking, sent, screen, tried } = setUp()
    await tried('SO-1', TOO_OFTEN)
    asking.type('SO-2')
    screen.now += 3_599_999
    await asking.submit()
    expect([sent, screen.view.hint, screen.view.typed]).toEqual([
      ['SO-1'],
      '今天已经试了三次',
      'SO-2',
    ])
    screen.now += 1
    void asking.submit()
    expect([sent, screen.view.hint]).toEqual([['SO-1', 'SO-2'], ''])
  })

  test('an answer that comes after the page is gone changes nothing and opens nothing', async () => {
    for (const given of ['p-1', UNKNOWN]) {
      const { asking, opened, screen, answer } = setUp()
      asking.type('SO-1')
      void asking.submit()
      asking.leave()
      await answer(given)
      expect([screen.view.busy, screen.view.found, screen.view.hint, opened]).toEqual([
        'claim',
        '',
        '',
        [],
      ])
    }
  })
})

describe('仍然没有？找顾问', () => {
  test('is sent once, also after a double tap, and says what happens next', async () => {
    const { asking, sent, screen, answer } = setUp()
    void asking.ask()
    void asking.ask()
    void asking.submit()
    expect([sent, screen.view.busy]).toEqual([['advisor'], 'advisor'])
    await answer(null)
    expect(screen.view).toMatchObject({ busy: 'no', asked: true, askHint: '' })
    expect(CLAIM_WORDS.asked).toBe('已请顾问核实，核实后会显示在这里')
    await asking.ask()
    expect(sent).toEqual(['advisor'])
  })

  test('what went wrong stands below it, and it may be tapped again', async () => {
    const { asking, sent, screen, answer } = setUp()
    void asking.ask()
    await answer(toNetworkError())
    expect(screen.view).toMatchObject({
      busy: 'no',
      asked: false,
      askHint: '网络没有连上，请检查手机网络后再试',
      hint: '',
    })
    void asking.ask()
    expect([sent, screen.view.askHint]).toEqual([['advisor', 'advisor'], ''])
  })

  test('works while no more numbers may be tried', async () => {
    const { asking, sent, tried } = setUp()
    await tried('SO-1', TOO_OFTEN)
    void asking.ask()
    expect(sent).toEqual(['SO-1', 'advisor'])
  })

  test('an answer that comes after the page is gone changes nothing there', async () => {
    const { asking, screen, answer } = setUp()
    void asking.ask()
    asking.leave()
    await answer(null)
    expect(screen.view).toMatchObject({ asked: false, askHint: '' })
  })
})
