/** Colours are variables, so that dark mode is one block of values (miniprogram/styles/tailwind.css). */
const color = (name) => `var(--${name})`
/** Text grows with the customer's font size in WeChat; px, because rpx would shrink it on a 320 px phone. */
const text = (px, lineHeight) => [
  `calc(${px}px * var(--scale, 1))`,
  { lineHeight: String(lineHeight) },
]

/** @type {import('tailwindcss').Config} */
export default {
  content: { relative: true, files: ['./miniprogram/**/*.wxml'] },
  corePlugins: { preflight: false },
  theme: {
    colors: {
      transparent: 'transparent',
      current: 'currentColor',
      ...Object.fromEntries(
        [
          'paper',
          'card',
          'well',
          'line',
          'ink',
          'soft',
          'brand',
          'on-brand',
          'tint',
          'amber',
          'amber-tint',
          'rose',
          'rose-tint',
        ].map((name) => [name, color(name)]),
      ),
    },
    fontSize: {
      xs: text(14, 1.5),
      sm: text(15, 1.55),
      base: text(17, 1.55),
      lg: text(19, 1.45),
      xl: text(23, 1.35),
      '2xl': text(27, 1.3),
    },
    spacing: Object.fromEntries(
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 20, 24].map((step) => [step, `${step * 4}px`]),
    ),
    borderRadius: { sm: '6px', DEFAULT: '10px', lg: '16px', xl: '20px', full: '999px' },
    extend: { minHeight: { tap: '48px' }, minWidth: { tap: '48px' } },
  },
}
