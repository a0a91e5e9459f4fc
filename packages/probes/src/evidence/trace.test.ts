import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { readTrace, traceTo } from './trace.ts'

const hasTracepath = spawnSync('tracepath', ['-V']).error === undefined

test('reads what tracepath prints', () => {
  const output = ` 1?: [LOCALHOST]                      pmtu 1500
 1:  192.0.2.1                                             0.389ms
 1:  192.0.2.1                                             0.287ms
 2:  198.51.100.7                                          5.110ms asymm  3
 3:  no reply
 4:  203.0.113.9                                          12.001ms reached
     Resume: pmtu 1500 hops 4 back 4
`
  expect(readTrace('203.0.113.9', output)).toEqual({
    address: '203.0.113.9',
    reached: true,
    hops: ['1 192.0.2.1 0.287ms', '2 198.51.100.7 5.110ms asymm 3', '3 no reply', '4 203.0.113.9 12.001ms reached'],
  })
})

test('reads what traceroute prints', () => {
  const output = `traceroute to 203.0.113.9 (203.0.113.9), 20 hops max, 60 byte packets
 1  192.0.2.1  0.389 ms
 2  *
 3  *
`
  expect(readTrace('203.0.113.9', output)).toEqual({
    address: '203.0.113.9',
    reached: false,
    hops: ['1 192.0.2.1 0.389 ms', '2 *', '3 *'],
  })
})

test('what is no trace, or one without end, is bounded', () => {
  expect(readTrace('203.0.113.9', 'command not found').hops).toEqual([])
  const hops = Array.from({ length: 99 }, (_, index) => ` ${index + 1}:  ${'x'.repeat(1000)}`).join('\n')
  const trace = readTrace('203.0.113.9', hops)
  expect(trace.hops.length).toBeLessThanOrEqual(40)
  expect(Math.max(...trace.hops.map(({ length }) => length))).toBeLessThanOrEqual(200)
})

test.each(['shop.example', '-h', '127.0.0.1; id', '', '$(id)'])(
  '"%s" is no address, and no program is started',
  async (text) => {
    expect(await traceTo(text, AbortSignal.timeout(1000))).toBeNull()
  },
)

describe.skipIf(!hasTracepath)(
  `tracepath${hasTracepath ? '' : ' (not installed: apt-get install iputils-tracepath)'}`,
  () => {
    test('finds the way to this machine', async () => {
      expect(await traceTo('127.0.0.1', AbortSignal.timeout(10_000))).toMatchObject({
        address: '127.0.0.1',
        reached: true,
      })
    })
  },
)
