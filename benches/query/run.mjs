// Both stores in one process and engine, workload by workload and by turns.
//
// `cargo xtask bench query` builds our side (profile `bench-query`: opt-level 3, fat LTO) and calls this:
// node --expose-gc run.mjs --wasm FILE --npm FOLDER [--native PROGRAM] [--json FILE] [FILTER]
//
// A sample is of at least MIN_MS; RUNS samples of each side after two for warming up; the median counts. RUNS and MIN_MS
// can be set in the environment.
process.env.NODE_ENV ??= 'production'
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { workloads } from './query-core.mjs'

// Beside every name: what is different on our side, and what crosses. Where nothing is said, one call into WebAssembly runs
// all rounds of a sample, and the effects that the store returns are taken and let go there.
const TIMED = {
  W1a: ['a shallow key is made and hashed', 'theirs: to text; ours: 64 bits'],
  W1b: ['a deep key is hashed (5 levels, 16 fields)', 'theirs: to text; ours: 64 bits'],
  W1c: ['lookup among 10k, by a key with an object', 'ours: the whole view, with staleness'],
  W2a: ['invalidate by prefix, 100 of 10k match', 'a prefix of an object that stands for all that have its parts'],
  W2b: ['invalidate exactly 1 of 10k', ''],
  W2c: ['invalidate by prefix, 0 of 10k match', ''],
  W2d: ['invalidate all 10k, 1k observed', 'ours: with the frame, and 1k views read anew'],
  W3a: ['set, 1k observers of that key', 'ours: with the frame, and 1k views read and compared'],
  W3b: ['set, 1k observers that select what stays', 'ours: with the frame, 1k views read, selections compared'],
  W3c: ['set the same value, 1k observers', 'ours: with the frame'],
  W3d: ['mount and unmount 1k observers of 1k keys', 'ours: two inputs and a view for each'],
  W3e: ['1k sets in a batch, 1k observed keys', 'ours: 1k inputs, one frame, 1k views'],
  W4a: ['10k rows read again, 1 changed', 'theirs: structural sharing of JSON; ours: 10k documents offered to entities, list compared'],
  W4b: ['10k rows read again, none changed', 'as W4a'],
  W4c: ['10k rows parsed', 'theirs: JSON.parse; ours: postcard to an answer for the store'],
  'W4a+c': ['10k rows from raw bytes into the store', 'theirs: JSON.parse, setQueryData; ours: postcard, one input'],
  W4d: ['1 row of 10k patched', 'ours: one entry of the feed with the whole row'],
  W4e: ['1 row put before 10k, the last goes', 'ours: one entry of the feed, for both rows'],
  W5a: ['dehydrate 1k queries of 10 rows', 'ours: what is to be kept, by reference, the first time'],
  W5b: ['dehydrate and encode', 'theirs: JSON; ours: postcard'],
  W5c: ['decode and hydrate an empty store', 'theirs: JSON; ours: postcard'],
  W5d: ['decode and hydrate over data of the same age', 'theirs: JSON; ours: postcard'],
  W6a: ['1k concurrent optimistic mutations succeed', 'theirs: a promise each; ours: an input each, one submission, an entry of the feed each with the row'],
  W6b: ['1k concurrent optimistic mutations fail', 'as W6a'],
  W7a: ['fetch 1k keys', 'theirs: a promise each; ours: an input each, one effect for all, an answer each'],
  W7b: ['10k fetches of one key in flight', 'theirs: a promise each; ours: two inputs each'],
  W7c: ['cancel by prefix, 10k idle', ''],
  W8: ['focus: 1k stale observed among 10k, until settled', 'theirs: a promise each; ours: one effect for all, 1k answers, two frames'],
  W9: ['1k queries of one component, 1k sets in a batch', 'theirs: QueriesObserver; ours: 1k observers, one frame'],
  W10: ['a set, with a persister over 5k queries', 'theirs: all dehydrated after each event; ours: what changed, taken after each'],
  W11b: ['a one-row change sent and received', 'theirs: structuredClone of the state of 10k rows; ours: the entry encoded and decoded'],
  W12: ['50 pages of 100 rows fetched again', '50 fetches, one after the other, on both sides; theirs: a promise each'],
}
const FACTS = {
  'W6c lost': ['500 succeed, 500 fail: successful edits lost', 'edits'],
  'W6c ghosts': ['500 succeed, 500 fail: failed edits still shown', 'edits'],
  'W6d lost': ['100 out of order, 10 fail: successful edits lost', 'edits'],
  'W6d ghosts': ['100 out of order, 10 fail: failed edits still shown', 'edits'],
  W10b: ['queries written for 100 sets of 10 keys; ours taken once', 'queries'],
  W11a: ['sent for a one-row change in 10k rows', 'bytes'],
  W13a: ['an idle query (20k, tiny data)', 'bytes'],
  W13b: ['a mounted observer (20k)', 'bytes'],
}

const words = process.argv.slice(2)
const option = (name) => {
  const at = words.indexOf(name)
  return at < 0 ? undefined : words.splice(at, 2)[1]
}
const [wasm, npm, native, json] = ['--wasm', '--npm', '--native', '--json'].map(option)
const filter = words[0] ?? ''
const RUNS = Number(process.env.RUNS ?? 7), MIN_MS = Number(process.env.MIN_MS ?? 60)

const need = createRequire(path.join(path.resolve(npm), 'package.json'))
const theirs = workloads(need('@tanstack/query-core'), need('@tanstack/query-persist-client-core'))
const { instance: { exports: store } } = await WebAssembly.instantiate(fs.readFileSync(wasm), {})
const spell = (name) => { for (const character of name) store.spell(character.codePointAt(0)) }

// Either side as the same three functions.
const sides = {
  ours: (name) => ({
    once: theirs.timed[name].once,
    setup: () => {
      spell(name)
      const operations = store.prepare()
      if (operations === 0) throw new Error(`${name} is not there`)
      return operations
    },
    operations: (ready) => ready,
    run: (_ready, first, rounds) => store.run(first, rounds),
    clear: () => store.clear(),
  }),
  theirs: (name) => {
    const workload = theirs.timed[name]
    return {
      once: workload.once,
      setup: () => workload.setup?.(),
      operations: () => workload.operations ?? 1,
      run: (ready, first, rounds) => runTheirs(workload, ready, first, rounds),
      clear: (ready) => ready?.clear?.(),
    }
  },
}

// Waits only where there is something to wait for: what is synchronous costs no promise.
function runTheirs({ run }, ready, first, rounds) {
  for (let round = first; round < first + rounds; round++) {
    const promise = run(ready, round)
    if (promise?.then) return waitTheirs(run, ready, round + 1, first + rounds, promise)
  }
}
async function waitTheirs(run, ready, first, end, promise) {
  await promise
  for (let round = first; round < end; round++) await run(ready, round)
}

// Nanoseconds for an operation, in one sample.
async function sample(side) {
  let ready = await side.setup()
  globalThis.gc?.()
  const begin = performance.now()
  let spent = 0, rounds = 0, next = 1, first = 0
  do {
    if (side.once && rounds > 0) {
      await side.clear(ready)
      ready = await side.setup()
    }
    const start = performance.now()
    const promise = side.run(ready, first, next)
    if (promise?.then) await promise
    const took = performance.now() - start
    spent += took
    rounds += next
    if (!side.once) {
      first += next
      if (took < MIN_MS / 4) next *= 2
    }
    // making ready may take far longer than what is measured
  } while (spent < MIN_MS && performance.now() - begin < MIN_MS * 10)
  const operations = side.operations(ready)
  await side.clear(ready)
  return (spent * 1e6) / (rounds * operations)
}

const middle = (numbers) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1]
const summary = (numbers) => ({ median: middle(numbers), min: Math.min(...numbers), max: Math.max(...numbers) })
const time = (ns) => ns >= 1e6 ? `${(ns / 1e6).toFixed(2)} ms` : ns >= 1e3 ? `${(ns / 1e3).toFixed(2)} µs` : `${ns.toFixed(1)} ns`
const ratio = (number) => number >= 100 ? `${number.toFixed(0)}×` : `${number.toPrecision(2)}×`
const spread = ({ min, max }) => `${time(min)} .. ${time(max)}`
const line = (...columns) => {
  const widths = [60, 11, 25, 11, 25, 8, 11]
  console.log(columns.map((text, at) => at === 0 ? text.padEnd(widths[0]) : text.padStart(widths[at] ?? 0)).join('  '))
}
const matches = ([name, [title]]) => `${name} ${title}`.includes(filter)

const natively = new Map()
if (native) {
  // by its name only: the program knows no titles
  const text = execFileSync(native, [/^W\d/.test(filter) ? filter.split(' ')[0] : ''], { encoding: 'utf8' })
  for (const [name, ...numbers] of text.trim().split('\n').map((one) => one.split('\t'))) natively.set(name, numbers.map(Number))
}

const version = need('@tanstack/query-core/package.json').version
console.log(`@tanstack/query-core ${version}, Node ${process.version}, V8 ${process.versions.v8}; medians of ${RUNS}, for one operation`)
line('workload', 'ours', 'min .. max', 'theirs', 'min .. max', 'ratio', 'ours native')
const result = { version, node: process.version, rows: [], facts: [] }
for (const [name, [title, note]] of Object.entries(TIMED).filter(matches)) {
  const samples = { ours: [], theirs: [] }
  for (let run = -2; run < RUNS; run++) {
    // who comes first changes, so that neither always finds the other's rubbish
    const order = run % 2 === 0 ? ['ours', 'theirs'] : ['theirs', 'ours']
    for (const side of order) {
      const took = await sample(sides[side](name))
      if (run >= 0) samples[side].push(took)
    }
  }
  const [ours, other] = [summary(samples.ours), summary(samples.theirs)]
  const nativeNs = natively.get(name)?.[0]
  line(`${name} ${title}`, time(ours.median), spread(ours), time(other.median), spread(other),
    ratio(other.median / ours.median), nativeNs === undefined ? '' : time(nativeNs))
  result.rows.push({
    workload: `${name} ${title}`, ours_ns: ours.median, theirs_ns: other.median, ratio: other.median / ours.median,
    ours_min_ns: ours.min, ours_max_ns: ours.max, theirs_min_ns: other.min, theirs_max_ns: other.max,
    native_ns: nativeNs ?? null, note,
  })
}
for (const [name, [title, unit]] of Object.entries(FACTS).filter(matches)) {
  spell(name)
  const ours = store.count(), other = await theirs.facts[name]()
  const nativeCount = natively.get(name)?.[0]
  line(`${name} ${title}`, ours.toFixed(0), unit, other.toFixed(0), unit, ours > 0 ? ratio(other / ours) : '', nativeCount?.toFixed(0) ?? '')
  result.facts.push({ workload: `${name} ${title}`, unit, ours, theirs: other, ratio: ours > 0 ? other / ours : null, native: nativeCount ?? null })
}
console.log('\nWhere the two differ. Ours: one call from JavaScript runs all rounds; effects are taken within.')
for (const { workload, note } of result.rows) if (note) console.log(`  ${workload.split(' ')[0]}: ${note}`)
console.log('  W13: theirs: the heap; ours: what the store asked of the allocator, which adds about 8 bytes to each piece; a mounted\n    observer also ends the timer of its query, and what the caller keeps of it is not counted')
if (json) fs.writeFileSync(json, JSON.stringify(result, null, 1))
// observers that are still mounted have timers
process.exit(0)
