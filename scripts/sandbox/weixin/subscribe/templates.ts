import type { Stage } from '../../world/stage.ts'
import type { Template } from '../../world/types.ts'

const ONE_TIME = 2

/** GET wxaapi/newtmpl/gettemplate (M: 获取当前帐号下的个人模板列表). */
export const listTemplates = ({ world }: Stage): Record<string, unknown> => ({
  errcode: 0,
  errmsg: 'ok',
  data: Object.values(world.templates).map(toWire),
})

const toWire = ({ templateId, title, fields }: Template) => ({
  priTmplId: templateId,
  title,
  content: linesOf(fields, (key) => `{{${key}.DATA}}`),
  example: linesOf(fields, () => '示例'),
  type: ONE_TIME,
})

const linesOf = (fields: Template['fields'], value: (key: string) => string): string =>
  fields.map(({ key, label }) => `${label}:${value(key)}\n`).join('')
