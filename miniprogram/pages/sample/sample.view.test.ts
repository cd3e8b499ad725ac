import { expect, test } from '@jest/globals'
import { toProjectView } from '../../components/project-body/project-body.view.ts'
import { SAMPLE } from './sample.data.ts'

test('the sample says that it is one, and agrees with itself', () => {
  expect(toProjectView(SAMPLE, Date.parse('2026-05-20T00:00:00Z')).title).toMatch(/^示例/)
  expect(SAMPLE.stages.filter(({ status }) => status === 'done')).toHaveLength(SAMPLE.stagesDone)
  expect(SAMPLE.stages).toHaveLength(SAMPLE.stagesTotal)
  expect(SAMPLE.stages.find(({ status }) => status === 'active')?.name).toBe(SAMPLE.stage)
})
