import { expect, test } from '@jest/globals'
import { toCommonJs } from './commonjs.mjs'

test.each([
  ['', '"use strict";'],
  ['Page({});\n', '"use strict";Page({});\n'],
  [
    'import"./a.js";import{b as c,d}from"./b.js";App({c,d});',
    '"use strict";require("./a.js");const {b:c,d}=require("./b.js");App({c,d});',
  ],
  ['var a=1;export{a as one};\n', '"use strict";var a=1;;exports.one=a'],
  [
    'import{x}from"./x.js";function f(){return x}export{f,x as y};',
    '"use strict";const {x}=require("./x.js");function f(){return x};exports.f=f;exports.y=x',
  ],
  [
    'import { x } from "./x.js";\nvar y = "import{z}from";\nexport {\n  y,\n  x as w\n};\n',
    '"use strict";const { x }=require("./x.js");\nvar y = "import{z}from";;exports.y=y;exports.w=x',
  ],
])('%j becomes %j', (text, commonJs) => expect(toCommonJs(text)).toBe(commonJs))

test('what is written otherwise is no guess', () =>
  expect(() => toCommonJs('var a=1;import*as b from"./b.js";')).toThrow('not a module'))
