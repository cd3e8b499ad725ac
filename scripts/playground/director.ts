import type { Cast, Ending, Scene, Teller } from './cast.ts'
import { el, SCROLLS } from './dom.ts'
import { SCENES } from './scenes.ts'

/** The row of scenes, and the paper on which the one that runs is told. */
export function createDirector(cast: Omit<Cast, 'tell'>): { bar: HTMLElement; paper: HTMLElement } {
  const paper = el('section', { class: 'card paper', label: '场景', attrs: SCROLLS })
  paper.hidden = true
  let isPlaying = false
  const play = async (scene: Scene): Promise<void> => {
    if (isPlaying) return
    isPlaying = true
    bar.classList.add('busy')
    cast.attacker.leave()
    cast.advisorPhone.leave()
    const { step, end } = openPaper(paper, scene)
    const ending = await scene.play({ ...cast, tell: { step } }).catch((error: unknown): Ending => {
      step(`没有演完：${error instanceof Error ? error.message : String(error)}`, 'bad')
      return { asMeant: false, text: '这一场没有演完，到上面最后一步为止。' }
    })
    await cast.stage.refresh()
    end(ending)
    bar.classList.remove('busy')
    isPlaying = false
  }
  const bar = el(
    'nav',
    { class: 'scenes', label: '一键场景' },
    ...SCENES.map((scene) =>
      el(
        'button',
        {
          class: scene.tone,
          title: scene.hint,
          data: { scene: scene.id },
          onclick: () => void play(scene),
        },
        el('b', {}, titleOf(scene)),
        el('small', {}, scene.hint),
      ),
    ),
  )
  return { bar, paper }
}

type Paper = Teller & { end: (ending: Ending) => void }

function openPaper(paper: HTMLElement, scene: Scene): Paper {
  const steps = el('ol', { attrs: { 'aria-live': 'polite' } })
  const conclusion = el('p', { class: 'conclusion', attrs: { role: 'status' } })
  conclusion.hidden = true
  paper.className = `card paper ${scene.tone}`
  paper.replaceChildren(
    el(
      'header',
      {},
      el('h2', {}, titleOf(scene)),
      el(
        'button',
        {
          class: 'link',
          onclick: () => {
            paper.hidden = true
          },
        },
        '收起',
      ),
    ),
    el('p', { class: 'hint' }, scene.hint),
    steps,
    conclusion,
  )
  paper.hidden = false
  const toEnd = (): void => {
    paper.scrollTop = paper.scrollHeight
  }
  return {
    step: (text, tone = 'plain') => {
      steps.append(el('li', { class: tone }, text))
      toEnd()
    },
    end: ({ asMeant, text }) => {
      conclusion.textContent = asMeant ? text : `结果和预想的不一样：${text}`
      conclusion.classList.toggle('bad', !asMeant)
      conclusion.hidden = false
      toEnd()
    },
  }
}

const titleOf = ({ tone, title }: Scene): string => (tone === 'attack' ? `攻击：${title}` : title)
