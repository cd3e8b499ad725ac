/** Pairs of which WeChat told who both are, and that customers tried to bind by an act of theirs, since the installation began. */
export type ComparedPairs = {
  /** How many different people's, on the side that has fewer: one customer who tries again and again proves nothing. */
  different: number
  /** Any account and any contact with the same unionid, tied or not. */
  anyEqual: boolean
}

const SUSPICIOUS_FROM = 3

/**
 * Unionids of one person are equal only within one Open Platform account. When the first pairs of an installation all differ,
 * that is no row of strangers but a configuration: WeCom and the mini-program belong to different ones (D15).
 */
export const arePlatformsApart = ({ different, anyEqual }: ComparedPairs): boolean =>
  !anyEqual && different >= SUSPICIOUS_FROM
