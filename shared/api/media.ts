import * as v from 'valibot'

export const MediaId = v.pipe(v.string(), v.uuid('图片编号格式不正确'))
export const MediaTaken = v.object({ mediaId: MediaId })
