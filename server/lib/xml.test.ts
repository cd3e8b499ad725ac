import { describe, expect, test } from '@jest/globals'
import { buildXml, parseFields, parseXml, readEnvelope, XmlError } from './xml.ts'

describe('readEnvelope', () => {
  test.each([
    [
      'WeCom',
      '<xml><ToUserName><![CDATA[ww1]]></ToUserName><AgentID><![CDATA[]]></AgentID><Encrypt><![CDATA[AbC+/9==]]></Encrypt></xml>',
    ],
    [
      'official account, without CDATA',
      '<xml><ToUserName>gh_1</ToUserName><Encrypt>AbC+/9==</Encrypt></xml>',
    ],
    ['closed with a space', '<xml ><Encrypt >AbC+/9==</Encrypt ></xml >\n'],
    [
      'with comments, which may hold anything',
      '<!-- a --><xml><!-- <Encrypt>AAAA</Encrypt> <![CDATA[ --><Encrypt>AbC+/9==</Encrypt></xml><!-- > -->',
    ],
    [
      "with a customer's words that look like a comment",
      '<xml><Content><![CDATA[<!-- ]]></Content><Encrypt>AbC+/9==</Encrypt></xml>',
    ],
    ['in JSON, as WeCom names it', '{"tousername":"ww1","encrypt":"AbC+/9==","agentid":""}'],
    ["in JSON, as a mini-program's push names it", ' {"ToUserName":"gh_1","Encrypt":"AbC+/9=="}'],
    [
      'with line breaks and a declaration',
      '<?xml version="1.0" encoding="UTF-8"?>\n<xml>\n<Encrypt>\n<![CDATA[AbC+/9==]]>\n</Encrypt>\n</xml>\n',
    ],
  ])('%s', (_, body) => {
    expect(readEnvelope(body)).toBe('AbC+/9==')
  })

  test('the words of a customer cannot stand in for the ciphertext', () => {
    const body =
      '<xml><Content><![CDATA[<Encrypt>AAAA</Encrypt>]]></Content><Encrypt><![CDATA[BBBB]]></Encrypt></xml>'
    expect(readEnvelope(body)).toBe('BBBB')
  })

  test.each([
    ['empty', ''],
    ['JSON without a ciphertext', '{"tousername":"ww1"}'],
    ['JSON with two', '{"encrypt":"AAAA","Encrypt":"BBBB"}'],
    ['JSON with a list', '{"encrypt":["AAAA"]}'],
    ['JSON with another word', '{"encrypt":"<xml>"}'],
    ['broken JSON', '{"encrypt":"AAAA"'],
    ['a JSON list', '[{"encrypt":"AAAA"}]'],
    ['no ciphertext', '<xml><ToUserName>ww1</ToUserName></xml>'],
    ['an empty ciphertext', '<xml><Encrypt></Encrypt></xml>'],
    ['not base64', '<xml><Encrypt>AA AA</Encrypt></xml>'],
    ['two ciphertexts', '<xml><Encrypt>AAAA</Encrypt><Encrypt>BBBB</Encrypt></xml>'],
    ['a DTD', '<!DOCTYPE xml [<!ENTITY a "b">]><xml><Encrypt>AAAA</Encrypt></xml>'],
    [
      'a DTD behind the declaration',
      '<?xml version="1.0"?><!DOCTYPE xml><xml><Encrypt>AAAA</Encrypt></xml>',
    ],
    ['a comment without an end', '<xml><!-- <Encrypt>AAAA</Encrypt></xml>'],
    ['a DTD between comments', '<!-- --><!DOCTYPE xml><!-- --><xml><Encrypt>AAAA</Encrypt></xml>'],
    [
      'a DTD put together by leaving a comment out',
      '<<!-- -->!DOCTYPE xml><xml><Encrypt>AAAA</Encrypt></xml>',
    ],
    ['CDATA without an end', '<xml><Encrypt><![CDATA[AAAA</Encrypt></xml>'],
    ['another root', '<html><Encrypt>AAAA</Encrypt></html>'],
    ['no end', '<xml><Encrypt>AAAA</Encrypt>'],
  ])('%s is no envelope', (_, body) => {
    expect(readEnvelope(body)).toBeUndefined()
  })

  test('64 kB of opened sections cost no more than reading them', () => {
    const started = performance.now()
    expect(readEnvelope('<xml>' + '<![CDATA['.repeat(7_000) + '</xml>')).toBeUndefined()
    expect(readEnvelope('<xml>' + '<Encrypt>'.repeat(7_000) + '</xml>')).toBeUndefined()
    expect(readEnvelope('<xml>' + '<!--'.repeat(16_000) + '</xml>')).toBeUndefined()
    expect(readEnvelope('<xml>' + '<!---->'.repeat(9_000) + '</xml>')).toBeUndefined()
    expect(readEnvelope('<xml' + ' '.repeat(64_000) + '></xml>')).toBeUndefined()
    expect(readEnvelope('<xml>' + '<Encrypt>' + ' '.repeat(64_000) + '</xml>')).toBeUndefined()
    expect(performance.now() - started).toBeLessThan(200)
  })
})

describe('parseFields', () => {
  test('JSON has the fields of the XML; numbers are texts, and long ones keep their digits', () => {
    expect(
      parseFields(
        '{"ToUserName":"ww1","CreateTime":1348831860,"MsgId":7263541827364518273645,"Content":"a\\"1234567890123456789,","Item":["a",1]}',
      ),
    ).toEqual({
      ToUserName: 'ww1',
      CreateTime: '1348831860',
      MsgId: '7263541827364518273645',
      Content: 'a"1234567890123456789,',
      Item: ['a', 1],
    })
  })

  test('XML may carry comments and close with a space', () => {
    expect(parseFields('<xml ><!-- a --><A>1</A><B><![CDATA[<!-- b -->]]></B></xml >')).toEqual({
      A: '1',
      B: '<!-- b -->',
    })
  })

  test.each(['{}', '{"a":', '[1]', '{"a":1}x'])('%s is refused', (text) => {
    expect(() => parseFields(text)).toThrow(XmlError)
  })
})

describe('parseXml', () => {
  test('the doorbell of 微信客服', () => {
    expect(
      parseXml(`<xml>
      <ToUserName><![CDATA[ww12345678910]]></ToUserName>
      <CreateTime>1348831860</CreateTime>
      <MsgType><![CDATA[event]]></MsgType>
      <Event><![CDATA[kf_msg_or_event]]></Event>
      <Token><![CDATA[ENCApHxnGDNAVNY4AaSJKj4Tb5mwsEMzxhFmHVGcra996NR]]></Token>
      <OpenKfId><![CDATA[wkxxxxxxx]]></OpenKfId>
    </xml>`),
    ).toEqual({
      ToUserName: 'ww12345678910',
      CreateTime: '1348831860',
      MsgType: 'event',
      Event: 'kf_msg_or_event',
      Token: 'ENCApHxnGDNAVNY4AaSJKj4Tb5mwsEMzxhFmHVGcra996NR',
      OpenKfId: 'wkxxxxxxx',
    })
  })

  test('everything stays text: a MsgId keeps its digits, a code its zero, "true" its letters', () => {
    expect(
      parseXml(
        '<xml><MsgId>7263541827364518273645</MsgId><Code>013800</Code><Hex>0x1F</Hex><Flag>true</Flag><None></None></xml>',
      ),
    ).toEqual({
      MsgId: '7263541827364518273645',
      Code: '013800',
      Hex: '0x1F',
      Flag: 'true',
      None: '',
    })
  })

  test('repeated nodes are a list, one is not', () => {
    expect(
      parseXml(
        '<xml><AuthAddOpenKfId>a</AuthAddOpenKfId><AuthAddOpenKfId>b</AuthAddOpenKfId></xml>',
      ),
    ).toEqual({ AuthAddOpenKfId: ['a', 'b'] })
    expect(
      parseXml(
        '<xml><MemChangeList><Item><![CDATA[a]]></Item><Item><![CDATA[b]]></Item></MemChangeList></xml>',
      ),
    ).toEqual({ MemChangeList: { Item: ['a', 'b'] } })
    expect(
      parseXml('<xml><MemChangeList><Item><![CDATA[a]]></Item></MemChangeList></xml>'),
    ).toEqual({ MemChangeList: { Item: 'a' } })
    expect(parseXml('<xml><MemChangeList></MemChangeList></xml>')).toEqual({ MemChangeList: '' })
  })

  test('an attribute is passed over, an empty node may be short', () => {
    expect(parseXml('<xml><A type="x">1</A><B/><C /></xml>')).toEqual({ A: '1', B: '', C: '' })
  })

  test.each([
    '<!DOCTYPE html>',
    '<!ENTITY x SYSTEM "file:///etc/passwd">',
    '</xml>',
    '&lt;&amp;',
    '表情🙂',
    'a < b && c > d',
    '<xml>',
    '{{__proto__}}',
  ])('the words "%s" of a customer are only words', (words) => {
    expect(parseXml(`<xml><Content><![CDATA[${words}]]></Content></xml>`)).toEqual({
      Content: words,
    })
  })

  test('the five entities of XML are read outside CDATA', () => {
    expect(
      parseXml('<xml><A>1 &lt; 2 &amp;&amp; &quot;x&quot; &gt; &apos;y&apos;</A></xml>'),
    ).toEqual({ A: `1 < 2 && "x" > 'y'` })
  })

  test.each([
    ['empty', ''],
    ['text', 'success'],
    ['another root', '<html></html>'],
    ['no fields', '<xml></xml>'],
    ['only text', '<xml>hello</xml>'],
    ['a DTD', '<!DOCTYPE xml><xml><A>1</A></xml>'],
    ['an entity', '<!DOCTYPE xml [<!ENTITY x SYSTEM "file:///etc/passwd">]><xml><A>&x;</A></xml>'],
    ['a DTD inside the root', '<xml><!DOCTYPE xml [<!ENTITY x "y">]><A>&x;</A></xml>'],
    ['a DTD after some CDATA', '<xml><B><![CDATA[b]]></B><!ENTITY x "y"><A>1</A></xml>'],
    ['a declaration glued together around CDATA', '<xml><B><<![CDATA[!DOCTYPE]]> xml></B></xml>'],
    ['a wrong end', '<xml><A>1</B></xml>'],
    ['a missing end', '<xml><A>1</xml>'],
    ['something behind', '<xml><A>1</A></xml><xml><A>2</A></xml>'],
    ['words outside the root', '<xml><A>1</A></xml>junk</xml>'],
    ['crossed ends', '<xml><A><B>1</A></B></xml>'],
    ['a bare <', '<xml><A>1 < 2</A></xml>'],
    ['a processing instruction', '<xml><?php echo 1 ?><A>1</A></xml>'],
    ['an end before its start', '<xml></A><A></xml>'],
    ['an open section', '<xml><A><![CDATA[1</A></xml>'],
    ['deep nests', `<xml>${'<A>'.repeat(20_000)}${'</A>'.repeat(20_000)}</xml>`],
    ['__proto__', '<xml><__proto__><polluted>1</polluted></__proto__></xml>'],
  ])('%s is refused', (_, document) => {
    expect(() => parseXml(document)).toThrow(XmlError)
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })
})

describe('buildXml', () => {
  test('strings in CDATA, numbers bare, lists repeated, objects nested', () => {
    expect(buildXml({ A: 'x', N: 12, L: ['a', 'b'], O: { Item: ['c'] } })).toBe(
      '<xml><A><![CDATA[x]]></A><N>12</N><L><![CDATA[a]]></L><L><![CDATA[b]]></L><O><Item><![CDATA[c]]></Item></O></xml>',
    )
  })

  test.each([
    ']]>',
    'a]]>b]]>c',
    ']]]]>>',
    '<![CDATA[x]]>',
    '表情🙂',
    '</Content></xml>',
    '0',
    '007',
  ])('"%s" comes back as it was', (words) => {
    expect(parseXml(buildXml({ Content: words }))).toEqual({ Content: words })
  })

  test('characters that XML cannot carry are left out', () => {
    expect(parseXml(buildXml({ Content: 'a\u0000b\u001Fc\td' }))).toEqual({ Content: 'abc\td' })
  })

  test('a name cannot open a node of its own', () => {
    expect(() => buildXml({ 'A><B': 'x' })).toThrow(XmlError)
  })
})
