import { firstCharacter } from '../../shared/cut-text.ts'
import { createDirector } from './director.ts'
import { createPart, el } from './dom.ts'
import type { Person } from './api.ts'
import { createPhone } from './phone.ts'
import { createStage, type Stage } from './stage.ts'
import { createTimeline } from './timeline.ts'
import { createWecom } from './wecom.ts'

const stage = createStage()
const phone = createPhone(stage)
const { bar, paper } = createDirector(stage, phone)
document
  .querySelector('#stage')!
  .append(
    el(
      'header',
      { class: 'top' },
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
      createPeople(stage),
    ),
    bar,
    createNotice(stage),
    el(
      'main',
      {},
      phone.element,
      createWecom(stage),
      el('div', { class: 'right' }, paper, createTimeline(stage)),
    ),
  )
stage.start()

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
          onclick: () => void from.turn({ person: person.personId }),
        },
        el('span', { class: 'face' }, firstCharacter(person.name)),
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
