import type { Scene, Teller } from './cast.ts'
import { el } from './dom.ts'
import type { Phone } from './phone.ts'
import { SCENES } from './scenes.ts'
import type { Stage } from './stage.ts'

/** The row of scenes, and the paper on which the one that runs is told. */
export function createDirector(
  stage: Stage,
  phone: Phone,
): { bar: HTMLElement; paper: HTMLElement } {
  const paper = el('section', { class: 'card paper', label: '场景' })
  paper.hidden = true
  let isPlaying = false
  const play = async (scene: Scene): Promise<void> => {
    if (isPlaying) return
    isPlaying = true
    bar.classList.add('busy')
    const tell = openPaper(paper, scene)
    await scene
      .play({ stage, phone, tell })
      .catch((error: unknown) =>
        tell.step(`没有演完：${error instanceof Error ? error.message : String(error)}`, 'bad'),
      )
    await stage.refresh()
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
        el('b', {}, `${scene.tone === 'attack' ? '攻击：' : ''}${scene.title}`),
        el('small', {}, scene.hint),
      ),
    ),
  )
  return { bar, paper }
}

function openPaper(paper: HTMLElement, scene: Scene): Teller {
  const steps = el('ol', {})
  const conclusion = el('p', { class: 'conclusion' })
  conclusion.hidden = true
  paper.className = `card paper ${scene.tone}`
  paper.replaceChildren(
    el(
      'header',
      {},
      el('h2', {}, scene.tone === 'attack' ? `攻击：${scene.title}` : scene.title),
      el(
        'button',
        {
          class: 'close',
          label: '收起',
          onclick: () => {
            paper.hidden = true
          },
        },
        '收起',
      ),
    ),
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
    end: (text) => {
      conclusion.textContent = text
      conclusion.hidden = false
      toEnd()
    },
  }
}
