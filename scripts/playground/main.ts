import { createAdvisorPhone } from './advisor-phone.ts'
import { createAttacker } from './attacker.ts'
import { createDirector } from './director.ts'
import { createPart, el, toFace } from './dom.ts'
import type { Person } from './api.ts'
import { createPhone } from './phone.ts'
import { createStage, type Stage } from './stage.ts'
import { createTabs } from './tabs.ts'
import { createTimeline } from './timeline.ts'
import { createViews, type Guest, type View } from './views.ts'
import { createWecom } from './wecom.ts'

const stage = createStage()
const views = createViews()
const phone = createPhone(stage, views)
const attacker = createAttacker(views)
const advisorPhone = createAdvisorPhone(stage, views)
const { bar, paper } = createDirector({ stage, phone, attacker, advisorPhone, views })
document.querySelector('#stage')!.append(
  createTop(stage),
  bar,
  createNotice(stage),
  createMain({
    paper,
    phone: phone.element,
    middle: createMiddle(createWecom(stage), {
      advisor: advisorPhone.element,
      attacker: attacker.element,
    }),
    timeline: createTimeline(stage),
  }),
)
stage.start()

function createTop(from: Stage): HTMLElement {
  return el(
    'header',
    { class: 'top', label: '演示台' },
    el(
      'div',
      { class: 'brand' },
      el('span', { class: 'logo' }),
      el(
        'div',
        {},
        el('h1', {}, '进度通 演示台'),
        el('small', {}, '微信与企业微信由本机沙箱扮演，服务器是真的'),
      ),
    ),
    createPeople(from),
  )
}

/** The advisor's WeCom, and behind tabs the phones of those who are there for a scene. */
function createMiddle(wecom: HTMLElement, guests: Record<Guest, HTMLElement>): HTMLElement {
  const panels = {
    wecom: { text: '顾问的企业微信', panel: wecom },
    advisor: { text: '顾问的手机', panel: guests.advisor },
    attacker: { text: '攻击者的手机', panel: guests.attacker },
  }
  const tabs = createTabs(panels, {
    label: '中间看谁',
    onShow: (view: keyof typeof panels) => views.show(view),
  })
  const isInMiddle = (view: View): view is keyof typeof panels => view in panels
  views.onShow((view) => {
    if (isInMiddle(view)) tabs.turn(view)
  })
  views.onGuest(tabs.offer)
  tabs.offer('advisor', false)
  tabs.offer('attacker', false)
  return el('div', { class: 'middle' }, tabs.element, wecom, guests.advisor, guests.attacker)
}

type Sides = Record<'paper' | 'phone' | 'middle' | 'timeline', HTMLElement>

function createMain({ paper: told, phone: first, middle, timeline }: Sides): HTMLElement {
  const main = el('main', { label: '演示台' }, told, views.switcher, first, middle, timeline)
  views.onShow((view) => {
    main.dataset['view'] = view
  })
  views.onGuest((_, isThere) => {
    main.dataset['guest'] = String(isThere)
  })
  views.show('phone')
  return main
}

const MOST = 6

/** Who holds the phone. */
function createPeople(from: Stage): HTMLElement {
  const place = el('nav', { class: 'people', label: '选择客户' })
  const draw = createPart<{ people: Person[]; chosen: string }>(place, ({ people, chosen }) =>
    people.map((person) =>
      el(
        'button',
        {
          class: person.personId === chosen ? 'on' : '',
          title: person.phone ?? '没有手机号',
          attrs: { 'aria-pressed': String(person.personId === chosen) },
          onclick: () => void from.turn({ person: person.personId }),
        },
        toFace(person.name),
        person.name,
      ),
    ),
  )
  from.onChange(() => {
    const { people = [] } = from.view ?? {}
    const { person, guests } = from.kept
    const shown = people.filter((one) => one.personId === person || guests.includes(one.personId))
    const others = people
      .filter((one) => !shown.includes(one))
      .slice(0, Math.max(0, MOST - shown.length))
    draw({ people: [...others, ...shown].slice(-MOST), chosen: person })
  })
  return place
}

function createNotice(from: Stage): HTMLElement {
  const place = el('p', { class: 'notice' })
  place.setAttribute('role', 'status')
  from.onChange(() => {
    place.textContent = from.notice
    place.hidden = from.notice === ''
  })
  place.hidden = true
  return place
}
