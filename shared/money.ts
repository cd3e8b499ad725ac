/** 128000 -> ¥128,000, 128000.5 -> ¥128,000.50; a text that is no number stays as it is. */
export function formatMoney(amount: number | string): string {
  const digits = String(amount).replace(/[,，\s¥￥]|元\s*$/g, '')
  const value = Number(digits)
  if (digits === '' || !Number.isFinite(value)) return String(amount)
  const [whole = '0', fraction = '00'] = Math.abs(value).toFixed(2).split('.')
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  return `${value < 0 ? '-' : ''}¥${grouped}${fraction === '00' ? '' : `.${fraction}`}`
}
