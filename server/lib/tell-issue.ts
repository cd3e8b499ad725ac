import type * as v from 'valibot'

const CHINESE = /[\u4e00-\u9fff]/

/** What is wrong with a field: our schemas speak Chinese where they refuse; the library's own words are English and for developers. */
export const tellIssue = ({ message }: v.BaseIssue<unknown>): string =>
  CHINESE.test(message) ? message : '格式不正确'
